import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { Phase } from '../../../src/domain/phase.js';
import { type MirrorState, mirrorPatch, mirrorValue } from '../../../src/effects/mirror/patch.js';
import { oryWordsOf } from '../../../src/providers/registry.js';
import { specsFolder, withoutSpec } from '../../support/skips.js';

const providers = ['onfido', 'jumio', 'persona'] as const;
type MirroredProvider = (typeof providers)[number];

function wordsOf(provider: MirroredProvider) {
  const found = oryWordsOf(provider);
  assert.ok(found);
  return found;
}

const state: MirrorState = {
  phase: 'created',
  machinePhase: 'created',
  applicantRef: 'applicant-1',
  checkRef: 'run-1',
  initiatedAt: Date.parse('2026-03-04T10:00:00Z'),
  decidedAt: null,
};

const words: Record<MirroredProvider, Record<Phase, string>> = {
  onfido: {
    created: 'pending',
    submitted: 'pending',
    awaiting: 'review',
    registered: 'approved',
    rejected: 'declined',
    retry: 'declined',
    expired: 'expired',
    failed: 'error',
  },
  jumio: {
    created: 'initiated null',
    submitted: 'processing null',
    awaiting: 'review WARNING',
    registered: 'verified PASSED',
    rejected: 'rejected FAILED',
    retry: 'retry FAILED',
    expired: 'expired null',
    failed: 'error null',
  },
  persona: {
    created: 'created',
    submitted: 'pending',
    awaiting: 'marked-for-review',
    registered: 'approved',
    rejected: 'declined',
    retry: 'declined',
    expired: 'expired',
    failed: 'failed',
  },
};

for (const [provider, phases] of Object.entries(words) as [MirroredProvider, Record<Phase, string>][])
  for (const [phase, expected] of Object.entries(phases) as [Phase, string][])
    test(`${provider} says "${expected}" for ${phase}`, () => {
      const value = mirrorValue(wordsOf(provider), { ...state, phase, machinePhase: phase });
      const said = provider === 'jumio' ? `${value.status} ${value.verdict}` : value.status;
      assert.equal(said, expected);
    });

test('each object has the keys of its provider, all of them, and no reason', () => {
  const decided: MirrorState = { ...state, phase: 'registered', decidedAt: state.initiatedAt + 60_000 };
  assert.deepEqual(mirrorValue(wordsOf('onfido'), decided), {
    status: 'approved',
    applicant_id: 'applicant-1',
    workflow_run_id: 'run-1',
    initiated_at: '2026-03-04T10:00:00.000Z',
    decided_at: '2026-03-04T10:01:00.000Z',
  });
  assert.deepEqual(mirrorValue(wordsOf('jumio'), { ...state, checkRef: 'account-1/execution-1' }), {
    status: 'initiated',
    verdict: null,
    account_id: 'account-1',
    workflow_execution_id: 'execution-1',
    initiated_at: '2026-03-04T10:00:00.000Z',
    decided_at: null,
  });
  assert.deepEqual(mirrorValue(wordsOf('persona'), state), {
    status: 'created',
    inquiry_id: 'run-1',
    initiated_at: '2026-03-04T10:00:00.000Z',
    decided_at: null,
  });
});

test("Jumio's own word stands beside ours, and a person's decision leaves it as it is", () => {
  const said = (phase: Phase, machinePhase: Phase, verdict?: string) => {
    const words = { ...state, phase, machinePhase, ...(verdict === undefined ? {} : { verdict }) };
    const { status, verdict: told } = mirrorValue(wordsOf('jumio'), words);
    return `${status} ${told}`;
  };
  assert.equal(said('awaiting', 'awaiting', 'PASSED'), 'review PASSED');
  assert.equal(said('registered', 'awaiting', 'WARNING'), 'verified WARNING');
  assert.equal(said('rejected', 'awaiting', 'PASSED'), 'rejected PASSED');
  assert.equal(said('registered', 'awaiting'), 'verified WARNING', 'as it was told before the person looked');
  assert.equal(said('registered', 'created'), 'verified null');
});

test('a patch is one add of a whole object under fixed words', () => {
  assert.deepEqual(
    providers.map(provider => wordsOf(provider).path),
    ['/metadata_public/onfido', '/metadata_public/jumio', '/metadata_admin/persona'],
  );
  for (const provider of providers) {
    const { path } = wordsOf(provider);
    const value = mirrorValue(wordsOf(provider), state);
    assert.deepEqual(mirrorPatch(path, value), [{ op: 'add', path, value }]);
    for (const word of path.slice(1).split('/')) assert.match(word, /^[a-z][a-z_]*$/);
  }
});

test('only the known providers have a place on the identity', () => {
  for (const name of ['sumsub', 'constructor', '']) assert.equal(oryWordsOf(name), null);
});

test("the patch is one that Kratos' published description allows", {
  skip: withoutSpec('kratos-openapi.json'),
}, () => {
  const spec = JSON.parse(readFileSync(join(specsFolder, 'kratos-openapi.json'), 'utf8'));
  const ajv = new Ajv({ strict: false, validateSchema: false });
  ajv.addSchema({ $id: 'kratos', components: { schemas: { jsonPatch: spec.components.schemas.jsonPatch } } });
  const { jsonPatchDocument } = spec.components.schemas;
  const valid = ajv.compile({
    ...jsonPatchDocument,
    items: { $ref: 'kratos#/components/schemas/jsonPatch' },
  });
  for (const provider of providers) {
    const patch = mirrorPatch(wordsOf(provider).path, mirrorValue(wordsOf(provider), state));
    assert.ok(valid(patch), JSON.stringify(valid.errors));
  }
  assert.equal(valid([{ path: '/x' }]), false);
});
