import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Attack } from './attacks.js';
import type { Target } from './target.js';

/** What came back: the statuses of all answers on the connection, or none when it was simply closed. */
export interface Echo {
  readonly statuses: readonly number[];
  readonly text: string;
  /** nobody answered and nobody hung up */
  readonly silent: boolean;
}

/** Much longer than the listener's own patience with requests that never end. */
const patienceMs = 25_000;

/** Nothing more comes after so long; an answer that is still being worked on has not begun. */
const quietMs = 400;

/** Sends an attack over a connection of its own and listens until the other side hangs up or has said all it has to say. */
export function send(target: Target, { listener, bytes }: Attack): Promise<Echo> {
  const { hostname, port } = new URL(target.gateway.addresses[listener]);
  const at = { host: hostname, port: Number(port) };
  const socket =
    listener === 'public' ? connectTls({ ...at, servername: 'kyc.example.net', ca: target.ca }) : connect(at);
  const chunks: Buffer[] = [];
  let quiet: NodeJS.Timeout | undefined;
  return new Promise(resolve => {
    const end = (silent: boolean) => {
      clearTimeout(timer);
      clearTimeout(quiet);
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(match => Number(match[1]));
      resolve({ statuses: statuses.filter(status => status !== 100), text, silent });
    };
    const timer = setTimeout(() => end(true), patienceMs);
    socket.on('data', chunk => {
      chunks.push(chunk);
      clearTimeout(quiet);
      // answered, and kept open for another request
      quiet = setTimeout(() => end(false), quietMs);
    });
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.write(bytes);
  });
}
