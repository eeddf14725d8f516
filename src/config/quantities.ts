import { Refusal } from './problems.js';

const timeUnits = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const sizeUnits = { MiB: 1_048_576, KiB: 1024, B: 1 } as const;

/** Reads `90m`, `1h30m`, `500ms` into milliseconds within the bounds, which are written the same way. */
export function readDuration(least: string, most: string): (raw: unknown) => number {
  return readQuantity(
    timeUnits,
    'time',
    `write a time from ${least} to ${most}, such as 90s, 10m or 1h30m`,
    least,
    most,
  );
}

/** Reads `64KiB`, `1MiB`, `500B` into bytes within the bounds, which are written the same way. */
export function readSize(least: string, most: string): (raw: unknown) => number {
  return readQuantity(
    sizeUnits,
    'size',
    `write a size from ${least} to ${most}, such as 64KiB or 1MiB`,
    least,
    most,
  );
}

/** Milliseconds as they are written in the settings. */
export function formatDuration(ms: number): string {
  return format(ms, timeUnits, 'ms');
}

/** Bytes as they are written in the settings. */
export function formatSize(bytes: number): string {
  return format(bytes, sizeUnits, 'B');
}

function readQuantity(
  units: Readonly<Record<string, number>>,
  kind: string,
  remedy: string,
  least: string,
  most: string,
): (raw: unknown) => number {
  const bounds = [least, most].map(text => amount(text, units)!) as [number, number];
  return raw => {
    if (typeof raw === 'number' || (typeof raw === 'string' && /^\d+$/.test(raw)))
      throw new Refusal(`is a number without a unit`, remedy);
    const value = typeof raw === 'string' ? amount(raw, units) : undefined;
    if (value === undefined) throw new Refusal(`is not a ${kind}`, remedy);
    if (value < bounds[0] || value > bounds[1])
      throw new Refusal(`is too ${value < bounds[0] ? 'small' : 'large'}`, remedy);
    return value;
  };
}

function amount(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const names = Object.keys(units).sort((a, b) => b.length - a.length);
  if (!new RegExp(`^(\\d{1,9} ?(${names.join('|')}) ?)+$`).test(text)) return undefined;
  const parts = text.matchAll(new RegExp(`(\\d+) ?(${names.join('|')})`, 'g'));
  return [...parts].reduce((sum, part) => sum + Number(part[1]) * units[part[2]!]!, 0);
}

function format(value: number, units: Readonly<Record<string, number>>, smallest: string): string {
  let rest = value;
  let text = '';
  for (const [name, unit] of Object.entries(units)) {
    const count = Math.floor(rest / unit);
    if (count > 0) text += `${count}${name}`;
    rest -= count * unit;
  }
  return text === '' ? `0${smallest}` : text;
}
