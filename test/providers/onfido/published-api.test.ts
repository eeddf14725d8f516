/** Holds what we send and what we know by name against Onfido's published description of its API. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describeReason } from '../../../src/domain/reasons.js';
import { relevantActions } from '../../../src/providers/onfido/describe.js';
import { specsFolder, withoutSpec } from '../../support/skips.js';
import {
  applicantId,
  checkObject,
  documentObject,
  faceObject,
  id,
  type Json,
  runObject,
} from './fixtures.js';
import { type Call, routes, signal, startApi } from './loopback.js';

const file = 'onfido-openapi.json';
const skip = withoutSpec(file);

interface Schema {
  readonly properties?: Readonly<Record<string, Schema & { readonly $ref?: string }>>;
  readonly enum?: readonly string[];
}

function loadSpec() {
  const text = readFileSync(join(specsFolder, file), 'utf8');
  const spec = JSON.parse(text) as { components: { schemas: Record<string, Schema> } };
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(spec, 'onfido');
  return {
    schemas: spec.components.schemas,
    assertValid(name: string, value: unknown) {
      const valid = ajv.validate({ $ref: `onfido#/components/schemas/${name}` }, value);
      assert.ok(valid, `${name}: ${ajv.errorsText()}`);
    },
  };
}

function keysOf(schemas: Record<string, Schema>, name: string): string[] {
  return Object.keys(schemas[name]?.properties ?? {});
}

const token = 'eyJh.eyJi.c';
const uploads = [{ id: id(101), created_at: '2026-03-04T10:01:00Z', type: 'passport', side: null }];
const webhook = { id: id(60), token: 'AbC_123', name: 'gatehouse:box:1', environments: ['live'] };

async function everyWrite(t: Parameters<typeof startApi>[0]): Promise<Call[]> {
  const api = await startApi(
    t,
    routes({
      'POST /applicants': { status: 201, json: { id: applicantId } },
      [`PUT /applicants/${applicantId}`]: { json: { id: applicantId } },
      'POST /sdk_token': { json: { token } },
      'GET /checks': { json: { checks: [] } },
      'GET /documents': { json: { documents: uploads } },
      'GET /live_photos': { json: { live_photos: uploads } },
      'GET /live_videos': { json: { live_videos: [] } },
      'GET /motion_captures': { json: { motion_captures: [] } },
      'POST /checks': { status: 201, json: checkObject() },
      'GET /workflow_runs': { json: [] },
      'POST /workflow_runs': { status: 201, json: runObject('awaiting_input', { sdk_token: token }) },
      'GET /webhooks': { json: { webhooks: [] } },
      'POST /webhooks': { status: 201, json: webhook },
      'POST /webhooks/resend': { status: 204 },
    }),
  );
  const onfido = api.onfido();
  const session = {
    applicantRef: applicantId,
    checkId: 'chk_1',
    referrer: 'https://kyc.example.net/*',
    language: 'fr',
  };
  const names = { firstName: 'Ada', lastName: 'Quill' };
  await onfido.createApplicant({ ...names, country: 'US', ipAddress: '203.0.113.9' }, signal);
  await onfido.updateApplicant(applicantId, { consentGiven: true, country: 'CZ' }, signal);
  await onfido.openSession(session, signal);
  await api
    .onfido({ mode: 'studio', workflowId: id(30) })
    .openSession({ ...session, returnUrl: 'https://kyc.example.net/done', kratosIdentityId: id(77) }, signal);
  await onfido.submit({ applicantRef: applicantId, checkId: 'chk_1', usedMedia: [] }, signal);
  await onfido.keepWebhook('gatehouse:box:1', 'https://kyc.example.net/onfido/callback', signal);
  await onfido.resend([id(10)], signal);
  return api.calls.filter(call => call.method !== 'GET');
}

const bodies: Readonly<Record<string, string>> = {
  'POST /applicants': 'applicant_builder',
  [`PUT /applicants/${applicantId}`]: 'applicant_updater',
  'POST /sdk_token': 'sdk_token_builder',
  'POST /workflow_runs': 'workflow_run_builder',
  'POST /checks': 'check_builder',
  'POST /webhooks': 'webhook_builder',
  'POST /webhooks/resend': 'webhook_resend',
};

test('every body we write is as Onfido describes it', { skip }, async t => {
  const { assertValid } = loadSpec();
  const calls = await everyWrite(t);
  assert.deepEqual(
    calls.map(call => `${call.method} ${call.path}`),
    Object.keys(bodies),
  );
  for (const call of calls) assertValid(bodies[`${call.method} ${call.path}`] ?? '', call.body);
});

test('the events we subscribe to are Onfido’s', { skip }, () => {
  const { schemas } = loadSpec();
  for (const action of relevantActions) assert.ok(schemas.webhook_event_type?.enum?.includes(action));
});

test('every breakdown and reason that Onfido describes has words of its own', { skip }, () => {
  const { schemas } = loadSpec();
  const paths = [
    ...keysOf(schemas, 'document_breakdown').map(key => `document.${key}`),
    ...keysOf(schemas, 'facial_similarity_video_breakdown').map(key => `facial_similarity_video.${key}`),
    ...keysOf(schemas, 'document_IQ_reasons').map(key => `document.image_integrity.image_quality:${key}`),
    ...keysOf(schemas, 'document_CDQ_reasons').map(
      key => `document.image_integrity.conclusive_document_quality:${key}`,
    ),
    ...keysOf(schemas, 'document_ODP_reasons').map(
      key => `document.visual_authenticity.original_document_present:${key}`,
    ),
    ...['photo_reasons', 'video_reasons'].flatMap(name =>
      keysOf(schemas, name)
        .filter(key => key !== 'reasons')
        .map(key => `facial_similarity_photo.image_integrity.source_integrity:${key}`),
    ),
    ...keysOf(schemas, 'document_breakdown').flatMap(key =>
      keysOf(schemas, `document_breakdown_${key}_breakdown`)
        .filter(each => each !== 'other')
        .map(each => `document.${key}.${each}`),
    ),
  ];
  assert.ok(paths.length > 60);
  for (const path of paths) assert.doesNotMatch(describeReason(path), /^The report “|\(/, path);
});

/** Onfido sends `null` where its description knows no such value. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const set = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(set.map(([key, inner]) => [key, withoutNulls(inner)]));
}

test('the objects these tests are made of are as Onfido describes them', { skip }, () => {
  const { assertValid } = loadSpec();
  const samples: [string, Json][] = [
    ['check', checkObject()],
    ['document_report', documentObject()],
    ['facial_similarity_photo_report', faceObject()],
    ['workflow_run', runObject('approved')],
  ];
  for (const [name, sample] of samples) assertValid(name, withoutNulls(sample));
});
