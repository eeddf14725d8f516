import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import {
  isMirrored,
  type MirroredProvider,
  type MirrorPhase,
  type MirrorState,
  mirrorPatch,
  mirrorPaths,
  mirrorValue,
} from '../../../src/effects/mirror/patch.js';
import { specsFolder, withoutSpec } from '../../support/skips.js';

const state: MirrorState = {
  phase: 'created',
  applicantRef: 'applicant-1',
  checkRef: 'run-1',
  initiatedAt: Date.parse('2026-03-04T10:00:00Z'),
  decidedAt: null,
};

const words: Record<MirroredProvider, Record<MirrorPhase, string>> = {
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

for (const [provider, phases] of Object.entries(words) as [MirroredProvider, Record<MirrorPhase, string>][])
  for (const [phase, expected] of Object.entries(phases) as [MirrorPhase, string][])
    test(`${provider} says "${expected}" for ${phase}`, () => {
      const { value } = mirrorValue(provider, { ...state, phase });
      const said = provider === 'jumio' ? `${value.status} ${value.verdict}` : value.status;
      assert.equal(said, expected);
    });

test('each object has the keys of its provider, all of them, and no reason', () => {
  const decided: MirrorState = { ...state, phase: 'registered', decidedAt: state.initiatedAt + 60_000 };
  assert.deepEqual(mirrorValue('onfido', decided), {
    path: '/metadata_public/onfido',
    value: {
      status: 'approved',
      applicant_id: 'applicant-1',
      workflow_run_id: 'run-1',
      initiated_at: '2026-03-04T10:00:00.000Z',
      decided_at: '2026-03-04T10:01:00.000Z',
    },
  });
  assert.deepEqual(mirrorValue('jumio', { ...state, checkRef: null }), {
    path: '/metadata_public/jumio',
    value: {
      status: 'initiated',
      verdict: null,
      account_id: 'applicant-1',
      workflow_execution_id: null,
      initiated_at: '2026-03-04T10:00:00.000Z',
      decided_at: null,
    },
  });
  assert.deepEqual(mirrorValue('persona', state), {
    path: '/metadata_admin/persona',
    value: {
      status: 'created',
      inquiry_id: 'run-1',
      initiated_at: '2026-03-04T10:00:00.000Z',
      decided_at: null,
    },
  });
});

test("Jumio's own word stands beside ours, and its REJECTED is stored as FAILED", () => {
  const verdict = (phase: MirrorPhase, verdict: string) =>
    mirrorValue('jumio', { ...state, phase, verdict }).value.verdict;
  assert.equal(verdict('awaiting', 'PASSED'), 'PASSED');
  assert.equal(verdict('rejected', 'REJECTED'), 'FAILED');
  assert.equal(verdict('registered', 'WARNING'), 'WARNING');
});

test('a patch is one add of a whole object under fixed words', () => {
  for (const provider of Object.keys(mirrorPaths) as MirroredProvider[]) {
    const { path, value } = mirrorValue(provider, state);
    assert.deepEqual(mirrorPatch(provider, value), [{ op: 'add', path, value }]);
    for (const word of path.slice(1).split('/')) assert.match(word, /^[a-z][a-z_]*$/);
  }
  assert.deepEqual(mirrorPatch('onfido', null), [
    { op: 'add', path: '/metadata_public/onfido', value: null },
  ]);
});

test('only the known providers are mirrored', () => {
  assert.equal(isMirrored('persona'), true);
  for (const name of ['sumsub', 'constructor', '']) assert.equal(isMirrored(name), false);
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
  for (const provider of Object.keys(mirrorPaths) as MirroredProvider[])
    assert.ok(valid(mirrorPatch(provider, mirrorValue(provider, state).value)), JSON.stringify(valid.errors));
  assert.equal(valid([{ path: '/x' }]), false);
});
