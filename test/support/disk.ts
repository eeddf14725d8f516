import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.js';

/** All files of a folder, however deep. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile());
}

/**
 * What is in a file, read by another process: closing a database's file here would end every lock that a gateway in this
 * process has on it, and the next process to open it would take it for nobody's.
 */
export function bytesIn(file: string): Buffer {
  return execFileSync('cat', [file], { maxBuffer: 1024 ** 3 });
}

/** The words that some file of the data folder holds, in any form in which one might be written. */
export function wordsOnDisk(world: World, words: readonly string[]): string[] {
  const files = filesBelow(world.installation.dataDir).map(bytesIn);
  const forms = (word: string) => [
    word,
    word.toUpperCase(),
    Buffer.from(word, 'utf16le'),
    Buffer.from(word).toString('base64'),
  ];
  return words.filter(word => forms(word).some(form => files.some(bytes => bytes.includes(form))));
}

/** Lets an erasure come to its end: everybody is told, that is seen, and an hour goes by. The clock jumps. */
export async function finishErasure(world: World): Promise<void> {
  await world.pass(5_000);
  for (const ms of [601_000, 3_601_000]) {
    world.clock.advance(ms);
    await world.settle();
  }
}
