import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { withoutProgram } from '../support/skips.js';

const templates = fileURLToPath(new URL('../../../jsonnet/', import.meta.url));

/** Renders many contexts in one run of the real program: starting it costs more than rendering. */
function render(template: 'initiate' | 'validate', contexts: readonly unknown[]): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-jsonnet-'));
  try {
    const driver = `local body = import '${join(templates, `${template}.jsonnet`)}'; [body(ctx) for ctx in import 'contexts.json']`;
    writeFileSync(join(folder, 'driver.jsonnet'), driver);
    writeFileSync(join(folder, 'contexts.json'), JSON.stringify(contexts));
    return JSON.parse(
      execFileSync('jsonnet', [join(folder, 'driver.jsonnet')], { encoding: 'utf8', maxBuffer: 64e6 }),
    ) as unknown[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const id = '9f425a8d-7efc-4768-8f23-7647a74fdf13';
const whole = {
  flow: {
    id: 'f',
    type: 'api',
    transient_payload: { language: 'de', email: 'mallory@example.net', identity_id: 'x' },
  },
  identity: {
    id,
    traits: { email: 'ada@example.net', name: { first: 'Ada', last: 'Quill' }, role: 'admin' },
    metadata_public: { onfido: { status: 'approved' } },
  },
  request_cookies: { ory_kratos_session: 'secret' },
};

describe('the templates, rendered by the real program', { skip: withoutProgram('jsonnet') }, () => {
  test('a whole context gives what Gatehouse reads, and nothing else of it', () => {
    const [initiate] = render('initiate', [whole]);
    assert.deepEqual(initiate, {
      identity_id: id,
      email: 'ada@example.net',
      first_name: 'Ada',
      last_name: 'Quill',
      language: 'de',
    });
    const [validate] = render('validate', [whole]);
    assert.deepEqual(validate, { identity_id: id, metadata_public: { onfido: { status: 'approved' } } });
  });

  test('names may be flat traits, and metadata may be unset', () => {
    const flat = {
      identity: { id, traits: { first_name: 'Ada', last_name: 'Quill' }, metadata_public: null },
    };
    assert.deepEqual(render('initiate', [flat]), [
      { identity_id: id, first_name: 'Ada', last_name: 'Quill' },
    ]);
    assert.deepEqual(render('validate', [flat]), [{ identity_id: id, metadata_public: {} }]);
  });

  test('whatever is absent, null or of another type, there is a body with the fields it may have', () => {
    const anything = fc.jsonValue({ maxDepth: 2 });
    const sometimes = <T>(inner: fc.Arbitrary<T>) => fc.option(fc.oneof(inner, anything), { nil: undefined });
    const context = fc.record({
      flow: sometimes(
        fc.record({ transient_payload: sometimes(fc.record({ language: sometimes(fc.string()) })) }),
      ),
      identity: sometimes(
        fc.record({
          id: sometimes(fc.uuid()),
          metadata_public: sometimes(anything),
          traits: sometimes(
            fc.record({
              email: sometimes(fc.string()),
              name: sometimes(fc.record({ first: sometimes(fc.string()) })),
            }),
          ),
        }),
      ),
    });
    const contexts = [...fc.sample(fc.oneof(context, anything), 300), {}, null, [], 'text', 7];
    for (const body of render('initiate', contexts)) {
      const known = ['identity_id', 'email', 'first_name', 'last_name', 'language'];
      for (const [key, value] of Object.entries(body as object)) {
        assert.ok(known.includes(key), key);
        assert.equal(typeof value, 'string');
      }
    }
    for (const body of render('validate', contexts)) {
      const { identity_id, metadata_public, ...rest } = body as Record<string, unknown>;
      assert.deepEqual(rest, {});
      assert.ok(identity_id === undefined || typeof identity_id === 'string');
      assert.equal(typeof metadata_public, 'object');
      assert.ok(!Array.isArray(metadata_public) && metadata_public !== null);
    }
  });
});
