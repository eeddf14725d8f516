/** Where a listener really listens, or what keeps it from it. */
import type { FastifyInstance } from 'fastify';
import type { Listener } from '../config/config.js';

/** One listener, and what the operator calls it. */
export interface Listening {
  readonly app: FastifyInstance;
  readonly name: 'public' | 'private';
  readonly at: Listener;
  readonly tls: boolean;
}

/**
 * Listens and tells the real address, which differs from the configured one where that has port 0.
 *
 * @throws an error that says what to do, where the system does not let it listen there
 */
export async function listen({ app, name, at, tls }: Listening): Promise<string> {
  try {
    await app.listen({ host: at.host, port: at.port });
  } catch (error) {
    const reason = reasonOf((error as NodeJS.ErrnoException).code, at, name);
    throw reason === null ? error : new Error(`the ${name} listener: ${reason}`, { cause: error });
  }
  const [bound] = app.addresses();
  const port = typeof bound === 'object' ? bound.port : at.port;
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return `${tls ? 'https' : 'http'}://${host}:${port}`;
}

function reasonOf(
  code: string | undefined,
  { host, port }: Listener,
  name: Listening['name'],
): string | null {
  const setting = `listeners.${name}`;
  const portSetting = name === 'private' ? `${setting}.port (or PORT)` : `${setting}.port`;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken; end what listens there, or set ${portSetting} to another one`;
    case 'EACCES':
      return `this user may not listen on port ${port}; start with the unit of \`gatehouse print systemd\`, which grants it, or set ${portSetting} to one from 1024 on`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this box; set ${setting}.host to one of its own, or to 0.0.0.0`;
    default:
      return null;
  }
}
