/** Everything about one run at one moment, as it came. The status goes before everything the details could say. */
import { ProviderError, type Snapshot } from '../provider.js';
import { apiPath, type JumioClient } from './client.js';
import { type Execution, isUuid, requireExecution } from './ids.js';
import { details as detailsShape } from './payload.js';
import { readStatus, sameId, stageOf } from './runs.js';

/** What `Snapshot.body` is. JSON throughout; addresses of pictures and tokens are left out. */
export interface RunBody {
  readonly kind: 'run';
  readonly status: string;
  /** absent while the customer is not done, or where Jumio has none */
  readonly details: unknown;
}

/** Keys whose values are addresses or tokens of Jumio's. Whether a part has an address tells whether it exists. */
const addressKeys = ['href', 'token'];

/** @throws {ProviderError} */
export async function fetchRun(
  client: JumioClient,
  checkRef: string,
  signal: AbortSignal,
): Promise<Snapshot> {
  const run = requireExecution(checkRef);
  const status = await readStatus(client, run, signal);
  const stage = stageOf(status);
  const waits = stage === 'open' || (stage === 'finished' && status !== 'PROCESSED');
  const read = waits ? null : await readDetails(client, run, stage !== 'dead' && stage !== 'unknown', signal);
  const reference = read?.workflow.customerInternalReference;
  const body: RunBody = { kind: 'run', status, details: withoutAddresses(read) };
  return { checkRef, applicantRef: isUuid(reference) ? reference : null, body };
}

/** @param needed a processed run has details, even if a moment late; one that ran out may have none */
async function readDetails(client: JumioClient, run: Execution, needed: boolean, signal: AbortSignal) {
  const path = apiPath`/accounts/${run.accountId}/workflow-executions/${run.workflowId}`;
  try {
    const read = await client.get(path, detailsShape, signal);
    if (sameId(read.account.id, run.accountId) && sameId(read.workflow.id, run.workflowId)) return read;
    throw new ProviderError('later', 'Jumio sent the details of another workflow than it was asked for');
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === 'missing')) throw error;
    if (!needed) return null;
    throw new ProviderError('later', 'Jumio has processed a workflow but not its details yet', error.options);
  }
}

function withoutAddresses(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAddresses);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      addressKeys.includes(key)
        ? [key, typeof each === 'string' && each !== '']
        : [key, withoutAddresses(each)],
    ),
  );
}
