import type { OnfidoSettings } from '../../config/config.js';
import { ProviderError, type Session, type SessionRequest } from '../provider.js';
import { apiPath, type OnfidoClient } from './client.js';
import { requireUuid } from './ids.js';
import { sdkToken, type WorkflowRun } from './payload.js';
import { createRun, findRun, readRun, runningStatuses } from './workflow-runs.js';

const sdkTokenMs = 90 * 60_000;
const runTokenMs = 35 * 24 * 60 * 60_000;

/** A token for the Web SDK. Tokens are not single-use and cost one call, so every page load may have a fresh one. */
export async function openClassicSession(
  client: OnfidoClient,
  settings: OnfidoSettings,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<Session> {
  const body = {
    applicant_id: requireUuid(request.applicantRef),
    referrer: settings.referrer ?? request.referrer,
  };
  const askedAt = client.clock.now();
  const { token } = await client.send('POST', apiPath`/sdk_token`, body, sdkToken, signal);
  return { kind: 'embedded', token, expiresAt: askedAt + sdkTokenMs };
}

/** The run of this check and its token: the known run, else the one found by our tag, else a new one. */
export async function openWorkflowSession(
  client: OnfidoClient,
  settings: OnfidoSettings,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<Session> {
  const run = await currentRun(client, settings, request, signal);
  if (!runningStatuses.includes(run.status ?? ''))
    throw new ProviderError('refused', 'the workflow run is over');
  if (!run.sdk_token) throw new ProviderError('refused', 'the workflow run has no token for the Web SDK');
  const createdAt = Date.parse(run.created_at ?? '');
  return {
    kind: 'embedded',
    token: run.sdk_token,
    workflowRunId: run.id,
    expiresAt: (Number.isNaN(createdAt) ? client.clock.now() : createdAt) + runTokenMs,
  };
}

async function currentRun(
  client: OnfidoClient,
  settings: OnfidoSettings,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<WorkflowRun> {
  if (request.checkRef !== undefined) return readRun(client, request.checkRef, signal);
  const found = await findRun(client, request.applicantRef, request.checkId, signal);
  if (found) return found.sdk_token ? found : readRun(client, found.id, signal);
  if (settings.workflowId === undefined) throw new ProviderError('refused', 'no workflow id is configured');
  request.onMaking?.();
  const created = await createRun(client, { ...request, workflowId: settings.workflowId }, signal);
  return created.sdk_token ? created : readRun(client, created.id, signal);
}
