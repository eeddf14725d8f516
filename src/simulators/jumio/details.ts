/** The details of a processed workflow in the API's shape. */
import { basePath, type Credential, isoMillis, type JumioContext, type Workflow } from './context.js';
import type { DecisionType, Outcome } from './outcomes.js';

const usual = ['usability', 'imageChecks', 'extraction', 'dataChecks', 'similarity', 'liveness'] as const;

const faces = ['similarity', 'liveness', 'authentication'];

const scores: Readonly<Record<DecisionType, number>> = {
  PASSED: 12,
  WARNING: 50,
  REJECTED: 100,
  NOT_EXECUTED: -1,
};

interface Decision {
  readonly type: DecisionType;
  readonly details: { readonly label: string };
}

function labelOf(capability: string, type: DecisionType): string {
  if (type === 'PASSED') return capability === 'similarity' ? 'MATCH' : 'OK';
  return type === 'NOT_EXECUTED' ? 'PRECONDITION_NOT_FULFILLED' : type;
}

function decision(capability: string, type: DecisionType, label = labelOf(capability, type)): Decision {
  return { type, details: { label } };
}

/** What the customer's document says, with nothing of the customer's account. */
function extracted(outcome: Outcome): object {
  return {
    type: 'ID_CARD',
    issuingCountry: 'CZE',
    nationality: 'CZE',
    firstName: 'Ada',
    lastName: 'Quill',
    dateOfBirth: '1990-04-17',
    expiryDate: outcome.expiryDate ?? '2031-12-31',
    documentNumber: 'QX-204-771',
    personalNumber: 'N/A',
    address: { line1: 'Dlouha 1', city: 'Praha', postalCode: '110 00', country: 'CZE' },
  };
}

/** What the pictures were not good enough for is not done at all. */
function isSpoilt(outcome: Outcome, capability: string): boolean {
  const usability = outcome.parts?.find(part => part.capability === 'usability');
  return usability !== undefined && usability.type !== 'PASSED' && capability !== 'usability';
}

function decisionIn(outcome: Outcome, capability: string): Decision {
  const part = outcome.parts?.find(each => each.capability === capability);
  if (part) return decision(capability, part.type, part.label);
  return decision(capability, isSpoilt(outcome, capability) ? 'NOT_EXECUTED' : 'PASSED');
}

function dataOf(outcome: Outcome, capability: string, { type }: Decision): object {
  if (capability === 'extraction') return type === 'PASSED' ? { data: extracted(outcome) } : { data: {} };
  if (capability === 'similarity' && type !== 'NOT_EXECUTED')
    return { data: { similarity: type === 'PASSED' ? 'MATCH' : 'NOT_MATCH' } };
  return capability === 'liveness' ? { data: { type: 'IPROOV_STANDARD' } } : {};
}

function capabilitiesOf(workflow: Workflow, outcome: Outcome): Record<string, unknown[]> {
  const further = (outcome.parts ?? []).map(({ capability }) => capability);
  const names = [...new Set([...usual, ...further])].filter(name => !outcome.without?.includes(name));
  const [document, ...selfies] = workflow.credentials;
  const name = ({ id, category }: Credential) => ({ id, category });
  const entries = (capability: string): unknown[] => {
    const own = decisionIn(outcome, capability);
    const about = faces.includes(capability) ? selfies : document ? [document] : [];
    const entry = { credentials: about.map(name), decision: own, ...dataOf(outcome, capability, own) };
    if (capability !== 'usability') return [{ id: `${workflow.id}-${capability}`, ...entry }];
    // only the document's pictures are ever at fault here
    const fine = selfies.map(selfie => ({
      id: `${selfie.id}-usability`,
      credentials: [name(selfie)],
      decision: decision('usability', 'PASSED'),
    }));
    return [{ id: `${workflow.id}-usability`, ...entry }, ...fine];
  };
  return Object.fromEntries(names.map(each => [each, entries(each)]));
}

function credentialsOf(context: JumioContext, workflow: Workflow): unknown[] {
  return workflow.credentials.map(({ id, category, parts }) => ({
    id,
    category,
    parts: parts.map(({ classifier, bytes }) => ({
      classifier,
      ...(bytes === null || classifier === 'FACEMAP'
        ? {}
        : {
            href: `${context.place.origin}${basePath}/accounts/${workflow.accountId}/credentials/${id}/parts/${classifier}`,
          }),
    })),
  }));
}

/** Everything the API tells of a workflow. */
export function detailsOf(context: JumioContext, workflow: Workflow): unknown {
  const { outcome } = workflow;
  const href = `${context.place.origin}${basePath}/accounts/${workflow.accountId}/workflow-executions/${workflow.id}`;
  const moment = (name: string, at: number | null) => (at === null ? {} : { [name]: isoMillis(at) });
  return {
    workflow: {
      id: workflow.id,
      status: workflow.status,
      definitionKey: workflow.definitionKey,
      ...(workflow.userReference === null ? {} : { userReference: workflow.userReference }),
      customerInternalReference: workflow.customerInternalReference,
    },
    account: { id: workflow.accountId },
    ...moment('createdAt', workflow.createdAt),
    ...moment('startedAt', workflow.startedAt),
    ...moment('completedAt', workflow.completedAt),
    ...moment('wipedOutAt', workflow.wipedOutAt),
    credentials: credentialsOf(context, workflow),
    ...(outcome === null
      ? {}
      : {
          decision: {
            ...decision('whole', outcome.decision, outcome.label ?? outcome.decision),
            risk: { score: scores[outcome.decision] },
          },
          capabilities: workflow.wipedOutAt === null ? capabilitiesOf(workflow, outcome) : {},
        }),
    steps: { href: `${href}/steps` },
  };
}
