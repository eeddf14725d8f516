/** Onfido's objects, made by hand. Names, numbers and ids are invented. */
import type { Findings } from '../../../src/domain/findings.js';
import { type MappingRules, mapFindings, type Outcome } from '../../../src/domain/mapping.js';
import { interpretSnapshot } from '../../../src/providers/onfido/interpret.js';

/** An id that looks like Onfido's; the same number gives the same id. */
export function id(number: number): string {
  return `5b1f0c1e-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const checkId = id(10);
export const applicantId = id(1);
export const documentId = id(101);
export const photoId = id(201);

export type Json = Record<string, unknown>;

export function checkObject(changes: Json = {}): Json {
  return {
    id: checkId,
    applicant_id: applicantId,
    created_at: '2026-03-04T10:09:00Z',
    href: `/v3.6/checks/${checkId}`,
    status: 'complete',
    result: 'clear',
    report_ids: [id(11), id(12)],
    tags: ['gatehouse:chk_1'],
    sandbox: false,
    ...changes,
  };
}

export function breakdown(result: string | null, subs: Json = {}): Json {
  return { result, breakdown: subs };
}

export function sub(result: string | null, properties: Json = {}): Json {
  return { result, properties };
}

export function documentObject(changes: Json = {}): Json {
  return {
    id: id(11),
    name: 'document',
    check_id: checkId,
    status: 'complete',
    result: 'clear',
    sub_result: 'clear',
    documents: [{ id: documentId }],
    properties: {},
    breakdown: {
      data_validation: breakdown('clear', { document_expiration: sub('clear'), mrz: sub('clear') }),
      visual_authenticity: breakdown('clear', { fonts: sub('clear') }),
      police_record: { result: 'clear' },
      age_validation: null,
    },
    ...changes,
  };
}

export function faceObject(changes: Json = {}): Json {
  return {
    id: id(12),
    name: 'facial_similarity_photo',
    check_id: checkId,
    status: 'complete',
    result: 'clear',
    sub_result: null,
    documents: [{ id: documentId }],
    live_photos: [{ id: photoId }],
    properties: {},
    breakdown: {
      face_comparison: breakdown('clear', {
        face_match: sub('clear', { score: 0.83, document_id: documentId }),
      }),
      image_integrity: breakdown('clear', { face_detected: sub('clear'), source_integrity: sub('clear') }),
      visual_authenticity: breakdown('clear', { spoofing_detection: sub('clear', { score: 0.97 }) }),
    },
    ...changes,
  };
}

/** A document report that is not clear because of the given breakdowns. */
export function documentBecause(subResult: string | null, tree: Json | null, more: Json = {}): Json {
  return documentObject({ result: 'consider', sub_result: subResult, breakdown: tree, ...more });
}

export function faceBecause(tree: Json | null, more: Json = {}): Json {
  return faceObject({ result: 'consider', breakdown: tree, ...more });
}

export function findingsOf(check: Json, reports: readonly unknown[], more: Json = {}): Findings {
  return interpretSnapshot({
    checkRef: checkId,
    applicantRef: applicantId,
    body: { kind: 'check', sandboxToken: null, check, reports, missing: [], sides: {}, ...more },
  });
}

export const rules: MappingRules = {
  expectedReports: ['document', 'facial'],
  acceptSandbox: false,
  strictFace: false,
  trustApproved: false,
  createdByUs: true,
};

export type Final = Extract<Outcome, { kind: 'final' }>;

export function finalOf(findings: Findings, changes: Partial<MappingRules> = {}): Final {
  const outcome = mapFindings(findings, { ...rules, ...changes });
  if (outcome.kind !== 'final') throw new Error(`not final: ${outcome.kind}`);
  return outcome;
}

/** A classic check whose verdict is `consider`, mapped. */
export function considered(reports: readonly unknown[], changes: Partial<MappingRules> = {}): Final {
  return finalOf(findingsOf(checkObject({ result: 'consider' }), reports), changes);
}

export const runId = id(20);

export function runObject(status: string, changes: Json = {}): Json {
  return {
    id: runId,
    applicant_id: applicantId,
    workflow_id: id(30),
    status,
    output: null,
    reasons: [],
    error: null,
    tags: ['gatehouse:chk_1'],
    created_at: '2026-03-04T10:00:00Z',
    ...changes,
  };
}

export function task(definition: string, output: unknown): Json {
  return { id: `${definition}_1a2b3`, task_def_id: definition, workflow_run_id: runId, input: {}, output };
}

export function runFindings(run: Json, tasks: readonly unknown[] = [], more: Json = {}): Findings {
  return interpretSnapshot({
    checkRef: runId,
    applicantRef: applicantId,
    body: { kind: 'run', sandboxToken: null, sandbox: false, run, tasks, missing: [], ...more },
  });
}
