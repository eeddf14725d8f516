/** Chance that can be repeated: the same seed makes the same attacks. */
export interface Chance {
  /** from 0 to one less than `below` */
  int(below: number): number;
  /** true once in so many times */
  once(inTimes: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Buffer;
}

/** mulberry32: small, and good enough to be unkind with. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    once: inTimes => int(inTimes) === 0,
    pick: from => from[int(from.length)]!,
    bytes: length => Buffer.from(Array.from({ length }, () => int(256))),
  };
}
