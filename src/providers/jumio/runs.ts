/** A run of a workflow at Jumio, and how far it is. */
import { ProviderError } from '../provider.js';
import { apiPath, type JumioClient } from './client.js';
import type { Execution } from './ids.js';
import { status as statusShape } from './payload.js';

/** `open`: the customer may still go in; `finished`: all was taken; `dead`: it ran out; `unknown`: a word we do not know. */
export type RunStage = 'open' | 'finished' | 'dead' | 'unknown';

const stages = new Map<unknown, RunStage>([
  ['INITIATED', 'open'],
  ['ACQUISITION_STARTED', 'open'],
  ['ACQUIRED', 'finished'],
  ['PROCESSED', 'finished'],
  ['SESSION_EXPIRED', 'dead'],
  ['TOKEN_EXPIRED', 'dead'],
]);

/** What a status means for somebody who wants to go on. */
export function stageOf(status: unknown): RunStage {
  return stages.get(status) ?? 'unknown';
}

/** Whether two ids are the same; they are UUIDs, whose case means nothing. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The status of a run. @throws {ProviderError} `later` when Jumio answers about another one */
export async function readStatus(client: JumioClient, run: Execution, signal: AbortSignal): Promise<string> {
  const path = apiPath`/accounts/${run.accountId}/workflow-executions/${run.workflowId}/status`;
  const { account, workflowExecution } = await client.get(path, statusShape, signal);
  if (!sameId(account.id, run.accountId) || !sameId(workflowExecution.id, run.workflowId))
    throw new ProviderError('later', 'Jumio answered about another workflow than it was asked about');
  return workflowExecution.status;
}
