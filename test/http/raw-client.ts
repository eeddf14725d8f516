import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { FastifyInstance } from 'fastify';

/** What came back on a connection, taken apart. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port;
}

/** Opens a connection; the certificate is not looked at. */
export async function open(app: FastifyInstance, secure: boolean): Promise<Socket> {
  const port = portOf(app);
  const socket = secure
    ? connectSecure({ port, host: '127.0.0.1', rejectUnauthorized: false })
    : connectPlain({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  await new Promise(resolve => socket.once(secure ? 'secureConnect' : 'connect', resolve));
  return socket;
}

/** Everything the peer sends until it closes the connection. */
export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
  });
  await new Promise(resolve => socket.once('close', resolve));
  return text;
}

/** Sends the very bytes given and reads until the peer closes. The request must ask for that itself, or be faulty. */
export async function exchange(app: FastifyInstance, secure: boolean, bytes: string): Promise<RawAnswer> {
  const socket = await open(app, secure);
  socket.write(bytes);
  return parseAnswer(await readAll(socket));
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map(line => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
