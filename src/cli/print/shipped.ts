/** The files that come with Gatehouse, and filling them in. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the program, without a slash at its end. */
export const programFolder = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

/** What is printed, and what the operator should hear beside it. */
export interface Printed {
  readonly text: string;
  readonly notes: readonly string[];
}

/** A file by its path in the program's folder. */
export function shippedFile(path: string): string {
  return readFileSync(`${programFolder}/${path}`, 'utf8');
}

/** Puts values in all places at once. A place that is not there is a mistake of ours, never passed over. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  const places = Object.keys(values);
  for (const place of places) if (!text.includes(place)) throw new Error(`the shipped file lacks: ${place}`);
  const longestFirst = places.sort((a, b) => b.length - a.length);
  const anyPlace = new RegExp(
    longestFirst.map(place => place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    'g',
  );
  return text.replace(anyPlace, place => values[place] ?? place);
}
