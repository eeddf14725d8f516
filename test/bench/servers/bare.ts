/**
 * The least a Fastify server can do over TLS: take the bytes and say "ok". What everything else is measured against.
 *
 * Argument: the folder with `cert.pem` and `key.pem`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { sayReady } from './say-ready.js';

const [folder = ''] = process.argv.slice(2);
const app = fastify({
  https: {
    cert: readFileSync(join(folder, 'cert.pem')),
    key: readFileSync(join(folder, 'key.pem')),
    minVersion: 'TLSv1.2',
  },
  keepAliveTimeout: 95_000,
});
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post('/*', async () => 'ok');
await app.listen({ host: '127.0.0.1', port: 0 });
sayReady(app.server);
