/** Studio's runs: found by our tag before one is created, since a POST that got no answer may have succeeded. */
import { apiPath, type OnfidoClient } from './client.js';
import { ownerOf, ownerTag, requireUuid, type Uuid } from './ids.js';
import { type WorkflowRun, workflowRun, workflowRunList } from './payload.js';

const mostPages = 10;

/** Statuses in which the run goes on by itself or waits for the customer. */
export const runningStatuses = ['processing', 'awaiting_input', 'awaiting_client_input'];

/** The run made for this check of ours, or null. Of several (two lost attempts) always the oldest. */
export async function findRun(
  client: OnfidoClient,
  applicantRef: string,
  checkId: string,
  signal: AbortSignal,
): Promise<WorkflowRun | null> {
  const filter = { applicant_id: requireUuid(applicantRef), tags: ownerTag(checkId) };
  const seen = new Map<Uuid, WorkflowRun>();
  for (let page = 1; page <= mostPages; page++) {
    const query = { ...filter, page: String(page) };
    const runs = await client.get(apiPath`/workflow_runs`, workflowRunList, { query, signal });
    const news = runs.filter(run => !seen.has(run.id));
    for (const run of news) seen.set(run.id, run);
    if (news.length === 0) break;
  }
  const ours = [...seen.values()].filter(run => ownerOf(run.tags) === checkId);
  return ours.sort(byAge)[0] ?? null;
}

/** Oldest first; the id decides between equals, so that every attempt picks the same. */
export function byAge(
  one: { id: string; created_at?: string | null | undefined },
  other: { id: string; created_at?: string | null | undefined },
): number {
  const key = (each: typeof one) => `${each.created_at ?? ''}\n${each.id}`;
  return key(one) < key(other) ? -1 : 1;
}

export function readRun(client: OnfidoClient, runRef: string, signal: AbortSignal): Promise<WorkflowRun> {
  return client.get(apiPath`/workflow_runs/${requireUuid(runRef)}`, workflowRun, { signal });
}

/** What a run is made from. */
export interface RunRequest {
  readonly workflowId: string;
  readonly applicantRef: string;
  readonly checkId: string;
  readonly language: string;
  readonly returnUrl?: string;
  readonly kratosIdentityId?: string;
}

/** Languages of the page that Onfido hosts for a run. */
const linkLanguages = ['en_US', 'de_DE', 'es_ES', 'fr_FR', 'it_IT', 'pt_PT', 'nl_NL'];

function linkOf(request: RunRequest): object | undefined {
  if (request.returnUrl === undefined) return undefined;
  const language = linkLanguages.find(known => known.startsWith(request.language.slice(0, 2).toLowerCase()));
  return { completed_redirect_url: request.returnUrl, ...(language && { language }) };
}

export function createRun(
  client: OnfidoClient,
  request: RunRequest,
  signal: AbortSignal,
): Promise<WorkflowRun> {
  const link = linkOf(request);
  const body = {
    workflow_id: requireUuid(request.workflowId),
    applicant_id: requireUuid(request.applicantRef),
    tags: [ownerTag(request.checkId)],
    customer_user_id: request.checkId,
    ...(request.kratosIdentityId && { custom_data: { kratos_identity_id: request.kratosIdentityId } }),
    ...(link && { link }),
  };
  return client.send('POST', apiPath`/workflow_runs`, body, workflowRun, signal);
}
