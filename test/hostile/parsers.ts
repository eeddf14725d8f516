/** What must hold of everything that reads text from outside, over any text: it answers, and it does not throw. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProperties } from '../../src/config/properties.js';
import { describeCallback } from '../../src/providers/jumio/describe.js';
import { describeDelivery } from '../../src/providers/onfido/describe.js';
import { verifySignature } from '../../src/providers/onfido/signature.js';
import { describeDelivery as describeEvent } from '../../src/providers/persona/describe.js';
import { verifySignature as verifyEvent } from '../../src/providers/persona/signature.js';
import type { DeliverySubject } from '../../src/providers/provider.js';
import { parsePhone } from '../../src/registration/phone.js';
import { callbackText, deliveryText, eventText, hostileBody } from './bodies.js';
import { type Chance, createChance } from './random.js';

/** One of them. */
export interface ParserProperty {
  readonly name: string;
  /** tries it so often. @throws with what broke it, the seed in the message */
  check(runs: number, seed: number): void;
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '\\',
        '\n',
        '\r',
        '=',
        ':',
        ' ',
        '#',
        '!',
        '\t',
        'a',
        '\\u',
        '\\u00e9',
        '\ufeff',
        '\f',
        'webhook.onfido',
      ),
      { maxLength: 60 },
    )
    .map(parts => parts.join('')),
);

const digits = fc.array(
  fc.constantFrom('+', '0', '1', '2', '4', '7', '9', ' ', '-', '(', ')', ';ext=', '٧', '\u0000', 'x'),
  { maxLength: 30 },
);

const header = fc.oneof(
  fc.constant(undefined),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFgz,= '), minLength: 60, maxLength: 70 }),
  fc.array(fc.string({ maxLength: 70 }), { maxLength: 3 }),
);

/** Bodies that a provider could be made to send, and what they are said to be about. */
function describes(
  name: string,
  text: (chance: Chance) => string,
  describe: (raw: Buffer) => DeliverySubject,
  reference: RegExp,
): ParserProperty {
  return {
    name,
    check(runs, from) {
      for (let seed = from; seed < from + runs; seed++) {
        const chance = createChance(seed);
        const raw = chance.once(2) ? Buffer.from(text(chance)) : hostileBody(chance, 65_536);
        const { action, relevant, checkRef } = describe(raw);
        assert.equal(typeof action, 'string', `seed ${seed}`);
        assert.ok(action.length <= 200, `seed ${seed}`);
        if (checkRef !== undefined) assert.match(checkRef, reference, `seed ${seed}`);
        else assert.equal(relevant, false, `seed ${seed}`);
      }
    },
  };
}

function holds<Values extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IProperty<Values>,
): ParserProperty {
  return { name, check: (numRuns, seed) => fc.assert(property, { numRuns, seed }) };
}

/** All of them. */
export const parserProperties: readonly ParserProperty[] = [
  holds(
    'any properties file is read: keys and values are text, lines are where they stand',
    fc.property(anyText, text => {
      const lines = text.split(/\r\n|\r|\n/).length;
      for (const { key, value, line } of parseProperties(text)) {
        assert.equal(typeof key, 'string');
        assert.equal(typeof value, 'string');
        assert.ok(line >= 1 && line <= lines);
      }
    }),
  ),
  holds(
    'any text for a phone number is a mobile number in E.164, or is refused with a code',
    fc.property(
      fc.oneof(
        anyText,
        digits.map(parts => parts.join('')),
      ),
      text => {
        const phone = parsePhone(text, 'CZ', ['CZ', 'SK']);
        if (phone.ok) assert.match(phone.e164, /^\+42[01]\d{9}$/);
        else assert.match(phone.code, /^[a-z_]+$/);
      },
    ),
  ),
  holds(
    'any signature header over any body is judged, and only the right one is genuine',
    fc.property(header, fc.uint8Array({ maxLength: 500 }), (value, body) => {
      const raw = Buffer.from(body);
      const onfido = verifySignature({ raw, headers: { 'x-sha2-signature': value } }, ['a-token']);
      const persona = ['persona-signature', 'x-persona-signature'].map(name =>
        verifyEvent({ raw, headers: { [name]: value } }, ['a-secret'], 0),
      );
      for (const verdict of [onfido, ...persona]) assert.equal(verdict, 'forged');
    }),
  ),
  describes(
    'any body of Onfido’s is described: what it is about or nothing, with ids that are ids',
    deliveryText,
    describeDelivery,
    /^[0-9a-f-]{36}$/i,
  ),
  describes(
    'any body of Jumio’s is described',
    chance => callbackText(chance, 'g1.chk_1.mark'),
    describeCallback,
    /^[0-9a-f-]{36}\/[0-9a-f-]{36}$/i,
  ),
  describes('any body of Persona’s is described', eventText, describeEvent, /^inq_\w+$/),
];
