import type { Concern, ConcernLevel, ConcernSubject, Findings, Report } from '../../src/domain/findings.js';
import { type MappingRules, mapFindings, type Outcome } from '../../src/domain/mapping.js';

export const rules: MappingRules = {
  expectedReports: ['document', 'facial'],
  acceptSandbox: false,
  strictFace: false,
  trustApproved: false,
  createdByUs: true,
};

export function concern(subject: ConcernSubject, level: ConcernLevel, path = `document.${subject}`): Concern {
  return { subject, level, paths: [path] };
}

export function documentReport(...concerns: Concern[]): Report {
  return {
    name: 'document',
    kind: 'document',
    outcome: concerns.length > 0 ? 'not_clear' : 'clear',
    concerns,
  };
}

export function faceReport(...concerns: Concern[]): Report {
  return {
    name: 'facial_similarity_photo',
    kind: 'facial',
    outcome: concerns.length > 0 ? 'not_clear' : 'clear',
    concerns,
  };
}

/** A complete check with two clear reports, changed as told. */
export function findings(changes: Partial<Findings> = {}): Findings {
  return {
    state: 'complete',
    verdict: 'clear',
    sandbox: false,
    workflow: false,
    reports: [documentReport(), faceReport()],
    missingReports: [],
    remarks: [],
    media: [],
    person: null,
    ...changes,
  };
}

export type Final = Extract<Outcome, { kind: 'final' }>;

/** The outcome, which has to be a final one. */
export function finalOf(said: Findings, changes: Partial<MappingRules> = {}): Final {
  const outcome = mapFindings(said, { ...rules, ...changes });
  if (outcome.kind !== 'final') throw new Error(`not final: ${outcome.kind}`);
  return outcome;
}

export function resultOf(said: Findings, changes: Partial<MappingRules> = {}): string {
  return finalOf(said, changes).result;
}
