/** Bodies nobody would write in good faith. */
import type { Chance } from './random.js';

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'payload',
  'action',
  'object',
  'id',
  'resource_type',
  'phone',
  'identity_id',
  'language',
  '',
  '\u0000',
  'é\u202e',
  '$where',
  'a'.repeat(300),
];

const texts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u2066',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  '../../etc/passwd',
  '%00%ff',
  'check.completed',
  'c0ffee00-0000-4000-8000-000000000010',
  '+420777123456',
  '+',
  '00420777123456',
  '٠١٢٣٤٥٦٧٨٩',
  '+420 777 (123) 456 ext. 7',
  '9'.repeat(400),
  'x'.repeat(5000),
  '\r\nSet-Cookie: a=b',
];

const numbers = [
  '0',
  '-0',
  '1e999',
  '-1e999',
  '1e-999',
  '9007199254740993',
  '1'.repeat(500),
  '0.1e+1',
  'NaN',
  '01',
];

/** A value as JSON text, valid for the most part. */
export function jsonText(chance: Chance, depth = 0): string {
  switch (chance.int(depth > 4 ? 5 : 8)) {
    case 0:
      return chance.pick(['null', 'true', 'false', 'undefined', '']);
    case 1:
      return chance.pick(numbers);
    case 2:
    case 3:
    case 4:
      return JSON.stringify(chance.pick(texts));
    case 5:
      return `[${Array.from({ length: chance.int(4) }, () => jsonText(chance, depth + 1)).join(',')}]`;
    default:
      return objectText(chance, depth);
  }
}

/** Keys may come twice, and may be those of every object. */
export function objectText(chance: Chance, depth = 0): string {
  const members = Array.from(
    { length: chance.int(5) },
    () => `${JSON.stringify(chance.pick(names))}:${jsonText(chance, depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}

/** What a provider could be made to send: its own form with something wrong in it, or nothing like it. */
export function deliveryText(chance: Chance): string {
  const value = () => jsonText(chance, 3);
  return `{"payload":{"resource_type":${value()},"action":${value()},"object":{"id":${value()},"status":${value()}${
    chance.once(2) ? `,"__proto__":${value()}` : ''
  }},"resource":${value()}}}`;
}

/** The same of Jumio's, about a run that is one of ours or none. */
export function callbackText(chance: Chance, reference: string): string {
  const value = () => jsonText(chance, 3);
  const id = () => (chance.once(2) ? '"c0ffee00-0000-4000-8000-000000000010"' : value());
  const status = chance.once(2) ? '"PROCESSED"' : value();
  return `{"userReference":${chance.once(2) ? JSON.stringify(reference) : value()},"workflowExecution":{"id":${id()},"status":${status}},"account":{"id":${id()}}}`;
}

/** The same of Persona's, in either of its forms. */
export function eventText(chance: Chance): string {
  const value = () => jsonText(chance, 3);
  const word = chance.once(2) ? '"inquiry.approved"' : value();
  const id = chance.once(2) ? '"inq_Hostile00000000000000"' : value();
  const object = `{"type":"inquiry","id":${id},"attributes":{"status":${value()},"reference-id":${value()}}}`;
  return chance.once(4)
    ? `{"event-type":${word},"data":${object}}`
    : `{"data":{"type":"event","id":${value()},"attributes":{"name":${word},"payload":{"data":${object}}}}}`;
}

/** A body of any kind. */
export function hostileBody(chance: Chance, largest: number): Buffer {
  switch (chance.int(12)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return chance.bytes(chance.int(2000));
    case 2:
      return Buffer.from('['.repeat(chance.int(largest)));
    case 3:
      return Buffer.from(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    case 4:
      return Buffer.alloc(largest + chance.pick([-1, 0, 1, 5000]), 0x20);
    case 5: {
      const body = Buffer.from(deliveryText(chance));
      body[chance.int(Math.max(1, body.length))] = chance.pick([0, 0xff, 0xc0, 0xed, 0x80]);
      return body;
    }
    case 6:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(deliveryText(chance))]);
    case 7:
      return Buffer.from(jsonText(chance));
    case 8:
      return Buffer.from(deliveryText(chance), 'utf16le');
    default:
      return Buffer.from(chance.once(3) ? objectText(chance) : deliveryText(chance));
  }
}

/** Form bodies: parameters that come twice, without values, with broken escapes. */
export function formBody(chance: Chance): Buffer {
  const parts = Array.from(
    { length: chance.int(6) },
    () =>
      `${encodeURIComponent(chance.pick(names))}=${chance.pick(['', '%', '%zz', '%00', 'yes', '1', '%f0%9f'])}`,
  );
  return Buffer.from(parts.join(chance.pick(['&', '&&', ';', '\u0000'])));
}
