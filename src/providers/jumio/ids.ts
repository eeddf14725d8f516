/**
 * Jumio's ids and how they are kept as one reference. An account exists only together with a workflow, so what the rest
 * of the appliance calls an applicant is a reference of our own (`customerInternalReference`), and a check's reference
 * is `{account id}/{workflow execution id}`. Only ids of the types below ever enter a path.
 */
import { ProviderError } from '../provider.js';

/** The id of an account, a workflow execution or a credential. */
export type Uuid = string & { readonly brand: 'uuid' };

/** Which picture of a credential: `FRONT`, `BACK`, `FACE`, `LIVENESS_1` … */
export type Classifier = string & { readonly brand: 'classifier' };

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const classifierPattern = /^[A-Z][A-Z0-9_]{0,39}$/;

export function isUuid(value: unknown): value is Uuid {
  return typeof value === 'string' && uuidPattern.test(value);
}

export function isClassifier(value: unknown): value is Classifier {
  return typeof value === 'string' && classifierPattern.test(value);
}

/** One run of a workflow. */
export interface Execution {
  readonly accountId: Uuid;
  readonly workflowId: Uuid;
}

/** One picture. */
export interface Part {
  readonly accountId: Uuid;
  readonly credentialId: Uuid;
  readonly classifier: Classifier;
}

/** The check reference of a run. */
export function checkRefOf({ accountId, workflowId }: Execution): string {
  return `${accountId.toLowerCase()}/${workflowId.toLowerCase()}`;
}

/** The reference of a picture. */
export function partRefOf({ accountId, credentialId, classifier }: Part): string {
  return `${accountId}/${credentialId}/${classifier}`;
}

function notOurs(what: string): ProviderError {
  return new ProviderError('refused', `not ${what} of Jumio`, { mayHaveActed: false });
}

/** @throws {ProviderError} `refused`, without repeating the text, which may be anything */
export function requireExecution(checkRef: string): Execution {
  const [accountId, workflowId, ...rest] = checkRef.split('/');
  if (isUuid(accountId) && isUuid(workflowId) && rest.length === 0) return { accountId, workflowId };
  throw notOurs('a workflow');
}

/** @throws {ProviderError} `refused` */
export function requirePart(ref: string): Part {
  const [accountId, credentialId, classifier, ...rest] = ref.split('/');
  if (isUuid(accountId) && isUuid(credentialId) && isClassifier(classifier) && rest.length === 0)
    return { accountId, credentialId, classifier };
  throw notOurs('a picture');
}

/** Our own name of a customer at Jumio. @throws {ProviderError} `refused` */
export function requireApplicant(applicantRef: string): Uuid {
  if (isUuid(applicantRef)) return applicantRef;
  throw notOurs('an applicant');
}
