import { randomUUID } from 'node:crypto';
import type { Courier } from '../wire/courier.js';
import type { Schedule } from '../wire/schedule.js';
import { JumioError } from './errors.js';
import type { Outcome } from './outcomes.js';

/** What the API's paths begin with, on whichever of its three hosts. */
export const basePath = '/api/v1';

export type WorkflowStatus =
  | 'INITIATED'
  | 'ACQUISITION_STARTED'
  | 'ACQUIRED'
  | 'PROCESSED'
  | 'SESSION_EXPIRED'
  | 'TOKEN_EXPIRED';

/** A picture or face map as taken. */
export interface Part {
  readonly classifier: string;
  readonly contentType: string;
  bytes: Buffer | null;
}

export interface Credential {
  readonly id: string;
  readonly category: 'ID' | 'SELFIE' | 'FACEMAP';
  readonly parts: Part[];
}

/** One workflow execution. */
export interface Workflow {
  readonly id: string;
  readonly accountId: string;
  readonly definitionKey: string;
  readonly customerInternalReference: string;
  readonly userReference: string | null;
  readonly callbackUrl: string | null;
  readonly successUrl: string | null;
  readonly errorUrl: string | null;
  readonly locale: string;
  readonly userConsent: unknown;
  /** opens the customer's page */
  readonly authorizationToken: string;
  readonly createdAt: number;
  readonly credentials: Credential[];
  status: WorkflowStatus;
  startedAt: number | null;
  completedAt: number | null;
  wipedOutAt: number | null;
  /** how it ended; null until it has */
  outcome: Outcome | null;
}

export interface JumioContext {
  readonly schedule: Schedule;
  readonly courier: Courier;
  readonly place: { origin: string };
  readonly accounts: Map<string, { readonly id: string; readonly createdAt: number }>;
  readonly workflows: Map<string, Workflow>;
  /** how workflows end, by id of the workflow or account, or by customerInternalReference */
  readonly decisions: Map<string, Outcome>;
  readonly settings: {
    readonly clientId: string | null;
    readonly clientSecret: string | null;
    readonly tokenSeconds: number;
    readonly processAfterMs: number;
    readonly defaultOutcome: Outcome;
    /** initiations taken in a second; null: all */
    readonly initiationsPerSecond: number | null;
    /** whether a domain prefix is set in the portal, without which there is no link */
    readonly domainPrefix: boolean;
    /** signs callbacks as a proxy in front of a customer might; null as Jumio: no signature */
    readonly callbackSecret: string | null;
    readonly rewriteReturnUrl: (url: string) => string;
    /** statuses that are told to callback URLs */
    readonly announced: readonly WorkflowStatus[];
  };
}

/** A moment as the API writes it. */
export function isoMillis(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** An unguessable text. */
export function randomToken(): string {
  return `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
}

/** @throws {JumioError} 404 */
export function findWorkflow(context: JumioContext, accountId: string, id: string): Workflow {
  const found = context.workflows.get(id);
  if (!found || found.accountId !== accountId || !context.accounts.has(accountId))
    throw new JumioError(404, 'Workflow execution not found');
  return found;
}

/** The newest workflow named by its id, its account's, or its customerInternalReference. @throws {JumioError} 404 */
export function namedWorkflow(context: JumioContext, name: string): Workflow {
  const found = [...context.workflows.values()].findLast(({ id, accountId, customerInternalReference }) =>
    [id, accountId, customerInternalReference].includes(name),
  );
  if (!found) throw new JumioError(404, `no workflow is known by ${name}`);
  return found;
}
