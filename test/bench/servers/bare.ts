/**
 * The least a Fastify server can do over TLS: take the bytes and say "ok". What everything else is measured against.
 *
 * Argument: the folder with `cert.pem` and `key.pem`.
 */
import { createBareApp } from './bare-app.js';
import { sayReady } from './say-ready.js';

const [folder = ''] = process.argv.slice(2);
const app = createBareApp(folder);
app.post('/*', async () => 'ok');
await app.listen({ host: '127.0.0.1', port: 0 });
sayReady(app.server);
