import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastify } from 'fastify';

/** Fastify over TLS that takes bodies as bytes, without routes. `folder` has `cert.pem` and `key.pem`. */
export function createBareApp(folder: string) {
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
  return app;
}
