import { writeSync } from 'node:fs';

/**
 * Writes to standard output at once, so that the last words before an exit are not lost; waits for a reader that is
 * behind. Node's own stream would end the process where nothing can be written.
 *
 * @throws what the system says when nothing can be written: the disk under it is full, nobody reads any more
 */
export function writeOut(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}

const neverWoken = new Int32Array(new SharedArrayBuffer(4));

function writeSome(bytes: Buffer): number {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    // the pipe is one that does not wait by itself
    Atomics.wait(neverWoken, 0, 0, 10);
    return 0;
  }
}
