import type { OnfidoSettings } from '../../config/config.js';
import type { Submission, SubmitRequest } from '../provider.js';
import { apiPath, type OnfidoClient } from './client.js';
import { ownerOf, ownerTag, requireUuid } from './ids.js';
import { type Check, check, checkList } from './payload.js';
import { listUploads, reportNamesFor, selectUploads, type Uploads } from './uploads.js';
import { byAge, findRun, readRun } from './workflow-runs.js';

/** Makes the check out of new uploads, or adopts the one that an earlier call made. */
export async function submitClassic(
  client: OnfidoClient,
  settings: OnfidoSettings,
  request: SubmitRequest,
  signal: AbortSignal,
): Promise<Submission> {
  const adopted = await findCheck(client, request, signal);
  const uploads = await listUploads(client, request.applicantRef, signal);
  if (adopted) return submitted(adopted, uploadedUntil(uploads, adopted));
  if (request.made) return { outcome: 'nothing_to_submit' };
  const selection = selectUploads(uploads, request.usedMedia);
  if (!selection) return { outcome: 'nothing_to_submit' };
  const body = {
    applicant_id: requireUuid(request.applicantRef),
    report_names: reportNamesFor(settings.reportNames, selection.variant),
    document_ids: selection.documentIds,
    tags: [ownerTag(request.checkId)],
  };
  request.onMaking?.();
  const created = await client.send('POST', apiPath`/checks`, body, check, signal);
  return submitted(created, mediaOf(uploads));
}

async function findCheck(
  client: OnfidoClient,
  request: SubmitRequest,
  signal: AbortSignal,
): Promise<Check | null> {
  const query = { applicant_id: requireUuid(request.applicantRef) };
  const { checks } = await client.get(apiPath`/checks`, checkList, { query, signal });
  return checks.filter(each => ownerOf(each.tags) === request.checkId).sort(byAge)[0] ?? null;
}

function submitted(made: Check, usedMedia: string[]): Submission {
  return { outcome: 'submitted', checkRef: made.id, usedMedia };
}

/** Everything uploaded counts as used, retakes included: a later attempt needs pictures taken after this one. */
function mediaOf(uploads: Uploads): string[] {
  return [...uploads.documents, ...uploads.selfies].map(each => each.id);
}

function uploadedUntil(uploads: Uploads, made: Check): string[] {
  const moment = Date.parse(made.created_at ?? '');
  const isBefore = (each: { created_at?: string | null | undefined }) =>
    !(Date.parse(each.created_at ?? '') > moment);
  return mediaOf({
    documents: uploads.documents.filter(isBefore),
    selfies: uploads.selfies.filter(isBefore),
  });
}

/** A run goes on by itself once the customer is done; nothing is written here. */
export async function submitWorkflow(
  client: OnfidoClient,
  request: SubmitRequest,
  signal: AbortSignal,
): Promise<Submission> {
  // of two, because the answer about one was lost, the customer was given the one that is known
  const run =
    request.checkRef === undefined
      ? await findRun(client, request.applicantRef, request.checkId, signal)
      : await readRun(client, request.checkRef, signal);
  const waits = run === null || run.status === 'awaiting_input' || run.status === 'awaiting_client_input';
  return waits ? { outcome: 'nothing_to_submit' } : { outcome: 'submitted', checkRef: run.id, usedMedia: [] };
}
