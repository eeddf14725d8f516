/** A port for what has to be told where something will listen before it does. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that systems give to whoever asks for any port (Linux from 32768, others from 49152): until it is used no
 * other test's server or connection can be given it.
 */
const range = { from: 12_000, to: 32_000 } as const;

let last = randomInt(range.from, range.to);

/** A port of 127.0.0.1 that nobody has, another one with each call. */
export async function freePort(): Promise<number> {
  do {
    last = last + 1 < range.to ? last + 1 : range.from;
  } while (!(await isFree(last)));
  return last;
}

/** Whether it can be listened at right now; it is let go again. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
