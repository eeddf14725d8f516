/**
 * Everything about one check at one moment, whole or not at all. What is fetched is kept as it came; `interpret`
 * reads it. A part that Onfido says it does not have is named in `missing`, every other failure aborts.
 */
import { z } from 'zod';
import { ProviderError, type Snapshot } from '../provider.js';
import { type ApiPath, apiPath, type OnfidoClient } from './client.js';
import { requireUuid, type Uuid } from './ids.js';
import * as payload from './payload.js';
import { runningStatuses } from './workflow-runs.js';

/** What `Snapshot.body` of a classic check is. JSON throughout. */
export interface CheckBody {
  readonly kind: 'check';
  readonly sandboxToken: boolean | null;
  readonly check: unknown;
  readonly reports: readonly unknown[];
  readonly missing: readonly string[];
  /** sides of documents by id, where Onfido tells them */
  readonly sides: Readonly<Record<string, string>>;
}

/** What `Snapshot.body` of a workflow run is. The run's token for the Web SDK and its link are left out. */
export interface RunBody {
  readonly kind: 'run';
  readonly sandboxToken: boolean | null;
  /** of the applicant: runs themselves do not say it */
  readonly sandbox: boolean | null;
  readonly run: unknown;
  readonly tasks: readonly unknown[];
  readonly missing: readonly string[];
}

const rawObject = z.looseObject({});

/** Null where Onfido does not know the object (any more). */
async function unlessMissing<T>(fetched: Promise<T>): Promise<T | null> {
  try {
    return await fetched;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'missing') return null;
    throw error;
  }
}

function readAs<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProviderError('later', 'what Onfido sent for a check is unreadable');
}

/** A check; once complete, with all its reports. */
export async function fetchCheck(
  client: OnfidoClient,
  checkRef: string,
  signal: AbortSignal,
): Promise<Snapshot> {
  const id = requireUuid(checkRef);
  const raw = await client.get(apiPath`/checks/${id}`, rawObject, { signal });
  const check = readAs(payload.check, raw);
  const complete = check.status === 'complete';
  const read = complete
    ? await fetchReports(client, id, check.report_ids ?? [], signal)
    : { reports: [], missing: [] };
  const sides = complete && check.applicant_id ? await fetchSides(client, check.applicant_id, signal) : {};
  const body: CheckBody = { kind: 'check', sandboxToken: client.sandboxToken, check: raw, ...read, sides };
  return { checkRef, applicantRef: check.applicant_id ?? null, body };
}

interface Reports {
  readonly reports: readonly unknown[];
  readonly missing: readonly string[];
}

/** The list and the check must name the same reports; one the list lacks is asked for by itself before it is missing. */
async function fetchReports(
  client: OnfidoClient,
  checkId: Uuid,
  expected: readonly Uuid[],
  signal: AbortSignal,
): Promise<Reports> {
  const options = { query: { check_id: checkId }, signal };
  const listed = (await client.get(apiPath`/reports`, payload.reportList, options)).reports;
  if (listed.some(report => !expected.includes(report.id)))
    throw new ProviderError('later', 'Onfido lists reports that their check does not name');
  const reports: unknown[] = [...listed];
  const missing: string[] = [];
  for (const id of new Set(expected)) {
    if (listed.some(report => report.id === id)) continue;
    const report = await unlessMissing(client.get(apiPath`/reports/${id}`, rawObject, { signal }));
    if (report) reports.push(report);
    else missing.push('report');
  }
  return { reports, missing };
}

async function fetchSides(
  client: OnfidoClient,
  applicantId: Uuid,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const options = { query: { applicant_id: applicantId }, signal };
  const listed = await unlessMissing(client.get(apiPath`/documents`, payload.documentList, options));
  const told = (listed?.documents ?? []).filter(each => each.side);
  return Object.fromEntries(told.map(each => [each.id, each.side ?? '']));
}

const decided = ['approved', 'declined', 'review'];

/** A workflow run; once decided, with the output of all its tasks. */
export async function fetchRun(client: OnfidoClient, runRef: string, signal: AbortSignal): Promise<Snapshot> {
  const id = requireUuid(runRef);
  const {
    sdk_token: _token,
    link: _link,
    ...raw
  } = await client.get(apiPath`/workflow_runs/${id}`, rawObject, { signal });
  const run = readAs(payload.workflowRun, raw);
  const status = run.status ?? '';
  const read = decided.includes(status) ? await fetchTasks(client, id, signal) : { tasks: [], missing: [] };
  const isOver = !runningStatuses.includes(status);
  const sandbox = isOver && run.applicant_id ? await fetchSandbox(client, run.applicant_id, signal) : null;
  const body: RunBody = { kind: 'run', sandboxToken: client.sandboxToken, sandbox, run: raw, ...read };
  return { checkRef: runRef, applicantRef: run.applicant_id ?? null, body };
}

async function fetchTasks(
  client: OnfidoClient,
  runId: Uuid,
  signal: AbortSignal,
): Promise<{ tasks: readonly unknown[]; missing: readonly string[] }> {
  const listed = await client.get(apiPath`/workflow_runs/${runId}/tasks`, payload.taskList, { signal });
  const tasks: unknown[] = [];
  const missing: string[] = [];
  for (const each of listed) {
    const path: ApiPath = apiPath`/workflow_runs/${runId}/tasks/${each.id}`;
    const task = await unlessMissing(client.get(path, rawObject, { signal }));
    if (task) tasks.push(task);
    else missing.push(each.task_def_id ?? 'task');
  }
  return { tasks, missing };
}

async function fetchSandbox(client: OnfidoClient, id: Uuid, signal: AbortSignal): Promise<boolean | null> {
  const found = await unlessMissing(client.get(apiPath`/applicants/${id}`, payload.applicant, { signal }));
  return found?.sandbox ?? null;
}
