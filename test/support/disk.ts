import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.js';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile());
}

/** The words that some file of the data folder holds, in any form in which one might be written. */
export function wordsOnDisk(world: World, words: readonly string[]): string[] {
  const files = filesBelow(world.installation.dataDir).map(file => readFileSync(file));
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
