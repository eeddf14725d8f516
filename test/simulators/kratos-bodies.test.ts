/**
 * Holds the recorded bodies against the real program. To record anew after a change of a template: `RECORD=1` in the
 * environment of this test, then format what it wrote.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordedBodies } from '../../src/simulators/kratos/recorded-bodies.js';
import {
  fingerprint,
  marker,
  renderByProgram,
  renderFromRecordings,
  shapeOf,
} from '../../src/simulators/kratos/render-body.js';
import { withoutProgram } from '../support/skips.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const source = (name: string) => readFileSync(join(root, 'jsonnet', `${name}.jsonnet`), 'utf8');

type Context = Record<string, unknown>;

const id = '/identity/id';
const email = '/identity/traits/email';
const named = ['/identity/traits/name/first', '/identity/traits/name/last'];
const flat = ['/identity/traits/first_name', '/identity/traits/last_name'];
const language = '/flow/transient_payload/language';
const metadata = '/identity/metadata_public';

const templates = [
  {
    source: source('initiate'),
    reads: [id, email, ...named, ...flat, language],
    filled: [[], [email]].flatMap(emails =>
      [[], named, flat].flatMap(names => [[], [language]].map(tags => [id, ...emails, ...names, ...tags])),
    ),
  },
  { source: source('validate'), reads: [id, metadata], filled: [[id], [id, metadata]] },
];

/** A context in which the given places have a value, and nothing else has. */
function contextOf(places: readonly string[], valueAt: (pointer: string) => unknown): Context {
  const context: Context = {};
  for (const pointer of places) {
    const keys = pointer.split('/').slice(1);
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Context>((parent, key) => {
      parent[key] ??= {};
      return parent[key] as Context;
    }, context);
    holder[last] = valueAt(pointer);
  }
  return context;
}

const markerAt = (pointer: string) => (pointer === metadata ? { [marker(pointer)]: true } : marker(pointer));

async function record() {
  return Promise.all(
    templates.map(async ({ source, reads, filled }) => {
      const bodies = await Promise.all(
        filled.map(async places => {
          const context = contextOf(places, markerAt);
          return [
            shapeOf(reads, context),
            JSON.parse((await renderByProgram(source, context)) ?? ''),
          ] as const;
        }),
      );
      return { sha256: fingerprint(source), reads, bodies: Object.fromEntries(bodies) };
    }),
  );
}

function write(recordings: unknown): void {
  const file = join(root, 'src/simulators/kratos/recorded-bodies.ts');
  const head = readFileSync(file, 'utf8').split('export const recordedBodies')[0];
  const list = JSON.stringify(recordings, null, 2);
  writeFileSync(file, `${head}export const recordedBodies: readonly RecordedTemplate[] = ${list};\n`);
}

describe('recorded bodies', () => {
  test('the program still renders what was recorded', { skip: withoutProgram('jsonnet') }, async () => {
    const recordings = await record();
    if (process.env.RECORD === '1') write(recordings);
    else assert.deepEqual(recordedBodies, recordings);
  });

  test('both ways give the same body for the same context', { skip: withoutProgram('jsonnet') }, async () => {
    const values: Record<string, unknown> = {
      [id]: '9f425a8d-7efc-4768-8f23-7647a74fdf13',
      [metadata]: { onfido: { status: 'pending', at: null }, other: [1, 'two'] },
      [language]: 'de',
    };
    for (const { source, reads } of templates) {
      const places = reads.filter(pointer => !flat.includes(pointer));
      const context = contextOf(places, pointer => values[pointer] ?? `a "quoted" ${pointer}`);
      const [program, recorded] = [
        await renderByProgram(source, context),
        await renderFromRecordings(source, context),
      ];
      assert.deepEqual(JSON.parse(recorded ?? ''), JSON.parse(program ?? ''));
    }
  });

  test('every shipped template is recorded as it is now', () => {
    assert.deepEqual(
      recordedBodies.map(({ sha256 }) => sha256),
      templates.map(({ source }) => fingerprint(source)),
    );
  });

  test('a context or a template without a recording is refused, never guessed', async () => {
    const odd = { identity: { id: 7 } };
    await assert.rejects(renderFromRecordings(source('initiate'), odd), /no recording/);
    await assert.rejects(renderFromRecordings('function(ctx) ctx', {}), /no recording/);
  });

  test('a template may cancel the call, and one that fails is an error', {
    skip: withoutProgram('jsonnet'),
  }, async () => {
    assert.equal(await renderByProgram('function(ctx) error "cancel"', {}), null);
    await assert.rejects(renderByProgram('function(ctx) { id: ctx.identity.id }', {}), /the template failed/);
  });
});
