/**
 * What a text costs as an SMS. A message is GSM-7 if every character is in the alphabet of GSM 03.38 or its extension
 * table, else all of it is UCS-2. Longer ones are cut into parts that lose room to a header.
 */
export interface SegmentCount {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** what the vendor bills; 0 for the empty text */
  readonly segments: number;
  /** as a phone counts: `€` and the like are two in GSM-7, an emoji two or more in UCS-2 */
  readonly characters: number;
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension = '\f^{}\\[~]|€';

const septets = new Map<string, number>([
  ...[...basic].map(character => [character, 1] as const),
  ...[...extension].map(character => [character, 2] as const),
]);

const room = {
  'GSM-7': { single: 160, part: 153 },
  'UCS-2': { single: 70, part: 67 },
} as const;

/** Counts the segments a text takes. Pure and total. */
export function countSegments(text: string): SegmentCount {
  const symbols = [...text];
  const encoding = symbols.every(symbol => septets.has(symbol)) ? 'GSM-7' : 'UCS-2';
  const sizes = symbols.map(symbol => (encoding === 'GSM-7' ? septets.get(symbol)! : symbol.length));
  const characters = sizes.reduce((sum, size) => sum + size, 0);
  const { single, part } = room[encoding];
  return {
    encoding,
    characters,
    segments: characters <= single ? Math.sign(characters) : parts(sizes, part),
  };
}

/** An escaped character or a surrogate pair is never torn apart, so a part may go out one unit short. */
function parts(sizes: readonly number[], part: number): number {
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return count;
}
