import type { Findings } from '../../../src/domain/findings.js';
import { type MappingRules, mapFindings, type Outcome } from '../../../src/domain/mapping.js';
import type { InquiryBody } from '../../../src/providers/persona/fetch.js';
import { interpretSnapshot } from '../../../src/providers/persona/interpret.js';

/** What an organization demands that has changed nothing. */
export const rules: MappingRules = {
  expectedReports: ['document', 'facial'],
  acceptSandbox: false,
  strictFace: false,
  trustApproved: false,
  createdByUs: true,
};

/** One check of a verification, as Persona tells it. */
export interface Check {
  readonly name: string;
  readonly status: string;
  readonly requirement?: string;
}

let made = 0;

/** A verification in a snapshot. */
export function verification(
  kind: string,
  status: string,
  checks: readonly Check[] = [],
  more: { attributes?: object; pages?: readonly string[]; template?: string; id?: string } = {},
) {
  made += 1;
  return {
    type: `verification/${kind}`,
    id: more.id ?? `ver_${made}`,
    template: more.template ?? `vtmpl_${kind}`,
    attributes: { status, 'created-at': '2026-03-04T10:00:00.000Z', checks, ...more.attributes },
    pages: more.pages ?? [],
  };
}

export const passedDocument = verification('government-id', 'passed');
export const passedSelfie = verification('selfie', 'passed');

/** A failed check that was required. */
export function failed(name: string): Check {
  return { name, status: 'failed', requirement: 'required' };
}

type Changes = Partial<Omit<InquiryBody, 'inquiry'>> & { inquiry?: Partial<InquiryBody['inquiry']> };

/** A snapshot of an inquiry of this status whose document and selfie passed. */
export function body(status: string, changes: Changes = {}): InquiryBody {
  const { inquiry, ...rest } = changes;
  return {
    kind: 'inquiry',
    readAt: Date.parse('2026-03-04T10:01:00Z'),
    sandboxKey: false,
    inquiry: {
      status,
      completedAt: '2026-03-04T10:00:30.000Z',
      redactedAt: null,
      reviewer: null,
      ...inquiry,
    },
    verifications: [passedDocument, passedSelfie],
    reports: [],
    missing: [],
    ...rest,
  };
}

/** What the adapter makes of it. */
export function read(snapshot: unknown, approveCompleted = false): Findings {
  return interpretSnapshot({ checkRef: 'inq_1', applicantRef: null, body: snapshot }, { approveCompleted });
}

/** What it comes to in the end. */
export function judge(snapshot: unknown, changes: Partial<MappingRules> = {}): Outcome {
  return mapFindings(read(snapshot), { ...rules, ...changes });
}

/** The result, or the kind of an outcome without one. */
export function resultOf(snapshot: unknown, changes: Partial<MappingRules> = {}): string {
  const outcome = judge(snapshot, changes);
  return outcome.kind === 'final' ? outcome.result : outcome.kind;
}
