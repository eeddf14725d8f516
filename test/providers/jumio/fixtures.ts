/** Jumio's objects, made by hand. Names, numbers and ids are invented. */
import { createHmac } from 'node:crypto';
import type { JumioSettings } from '../../../src/config/config.js';
import type { Findings } from '../../../src/domain/findings.js';
import { type MappingRules, mapFindings, type Outcome } from '../../../src/domain/mapping.js';
import { interpretSnapshot } from '../../../src/providers/jumio/interpret.js';
import { referenceOf } from '../../../src/providers/jumio/reference.js';

export const accountId = '11111111-1111-4111-8111-111111111111';
export const workflowId = '22222222-2222-4222-8222-222222222222';
export const applicantRef = '33333333-3333-4333-8333-333333333333';
export const credentialId = '44444444-4444-4444-8444-444444444444';
export const selfieId = '55555555-5555-4555-8555-555555555555';
export const checkRef = `${accountId}/${workflowId}`;
export const checkId = 'chk_01JNXV3X6Q8Z7C2M5T9R4B1KDE-1';

export type Json = Record<string, unknown>;

export const settings: JumioSettings = {
  provider: 'jumio',
  authUrl: 'https://auth.emea-1.jumio.ai/oauth2/token',
  apiBase: 'https://api.emea-1.jumio.ai/api/v1',
  clientId: 'client-for-tests',
  clientSecret: 'secret-for-tests',
  workflowKey: '10011',
  userAgent: 'Gatehouse Tests/v1.0',
  webhookTokens: [],
  callbackAddresses: [],
  publicUrl: 'https://kyc.example.net',
  strictFace: false,
  trustApproved: false,
  trust: {},
};

/** The installation's mark, as the keyring makes it. */
export const sign = (purpose: string, text: string) =>
  createHmac('sha256', 'key-for-tests').update(`${purpose}\0${text}`).digest();

export const mark = (text: string) => sign('jumio reference', text);

export const userReference = referenceOf(mark, checkId);

export function callback(changes: Json = {}, status = 'PROCESSED'): Json {
  return {
    callbackSentAt: '2026-03-04T10:20:30.456Z',
    userReference,
    workflowExecution: { id: workflowId, href: 'https://elsewhere.example/', definitionKey: '10011', status },
    account: { id: accountId, href: 'https://elsewhere.example/' },
    ...changes,
  };
}

export function decision(type: unknown, label: unknown = type): Json {
  return { type, details: { label } };
}

/** Capabilities of a usual run, all in order. */
export function capabilities(changes: Json = {}): Json {
  const entry = (category: string, id: string, label = 'OK') => ({
    credentials: [{ id, category }],
    decision: decision('PASSED', label),
  });
  return {
    usability: [entry('ID', credentialId), entry('SELFIE', selfieId)],
    imageChecks: [entry('ID', credentialId)],
    extraction: [{ ...entry('ID', credentialId), data: extracted() }],
    dataChecks: [entry('ID', credentialId)],
    similarity: [{ ...entry('SELFIE', selfieId, 'MATCH'), data: { similarity: 'MATCH' } }],
    liveness: [entry('SELFIE', selfieId)],
    ...changes,
  };
}

export function extracted(changes: Json = {}): Json {
  return {
    type: 'PASSPORT',
    firstName: 'Ada',
    lastName: 'Quill',
    dateOfBirth: '1990-04-17',
    expiryDate: '2031-12-31',
    documentNumber: 'QX204771',
    issuingCountry: 'CZE',
    ...changes,
  };
}

/** One capability with one entry in place of the usual one. */
export function part(capability: string, type: unknown, label: unknown): Json {
  return capabilities({ [capability]: [{ decision: decision(type, label) }] });
}

export function details(type: unknown, changes: Json = {}): Json {
  return {
    createdAt: '2026-03-04T10:00:00.000Z',
    completedAt: '2026-03-04T10:20:00.000Z',
    account: { id: accountId },
    workflow: {
      id: workflowId,
      status: 'PROCESSED',
      definitionKey: '10011',
      userReference,
      customerInternalReference: applicantRef,
    },
    credentials: [
      { id: credentialId, category: 'ID', parts: [{ classifier: 'FRONT', href: true }] },
      { id: selfieId, category: 'SELFIE', parts: [{ classifier: 'FACE', href: true }] },
    ],
    decision: { ...decision(type), risk: { score: 50 } },
    capabilities: capabilities(),
    ...changes,
  };
}

export function snapshotOf(body: Json) {
  return { checkRef, applicantRef, body: { kind: 'run', status: 'PROCESSED', ...body } };
}

export function findingsOf(detailsObject: Json | null, status = 'PROCESSED'): Findings {
  return interpretSnapshot(snapshotOf({ status, details: detailsObject }));
}

export const rules: MappingRules = {
  expectedReports: ['document', 'facial'],
  acceptSandbox: false,
  strictFace: false,
  trustApproved: false,
  createdByUs: true,
};

export type Final = Extract<Outcome, { kind: 'final' }>;

export function finalOf(findings: Findings): Final {
  const outcome = mapFindings(findings, rules);
  if (outcome.kind !== 'final') throw new Error(`not final: ${outcome.kind}`);
  return outcome;
}

/** A run with this decision because of one part, mapped. */
export function because(whole: string, capability: string, type: string, label: string): Final {
  return finalOf(findingsOf(details(whole, { capabilities: part(capability, type, label) })));
}
