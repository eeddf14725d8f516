/**
 * Jumio's adapter: runs of one workflow definition, on Jumio's own page, for one organization.
 *
 * An account is made only together with a run, when the customer goes on; what the appliance calls an applicant is
 * therefore a reference of our own, sent along as `customerInternalReference`, and making one asks nobody. A check's
 * reference names account and run.
 */
import { randomUUID } from 'node:crypto';
import type { JumioSettings } from '../../config/config.js';
import type { Clock } from '../../runtime/clock.js';
import type { Outbound } from '../../runtime/outbound.js';
import { type Provider, ProviderError, type Submission, type SubmitRequest } from '../provider.js';
import { createVerify } from './authenticity.js';
import { apiPath, createClient, type JumioClient } from './client.js';
import { describeCallback } from './describe.js';
import { fetchRun } from './fetch.js';
import { hostsOf } from './hosts.js';
import { requireApplicant, requireExecution } from './ids.js';
import { interpretSnapshot, ownerOfSnapshot } from './interpret.js';
import { downloadPart } from './parts.js';
import { readStatus, stageOf } from './runs.js';
import { createSessions } from './sessions.js';
import { createTokenSource } from './token.js';

export interface JumioDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** callback secrets in force besides the configured ones, asked anew for each delivery */
  readonly tokens: () => readonly string[];
  /** a mark of this organization's; 32 bytes */
  readonly sign: (purpose: string, text: string) => Buffer;
}

/** @throws when a URL in the settings is none; the configuration has made sure that they are */
export function createJumio(settings: JumioSettings, deps: JumioDeps): Provider {
  const hosts = hostsOf(settings.apiBase);
  const { outbound, clock } = deps;
  const { userAgent } = settings;
  const token = createTokenSource(settings, deps);
  const client = createClient({ outbound, clock, token, hosts, userAgent });
  const mark = (text: string) => deps.sign('jumio reference', text);
  return {
    name: 'jumio',
    page: { kind: 'redirect', sources: { 'form-action': hosts.pages }, workflow: true },
    verify: createVerify({
      secrets: () => [...settings.webhookTokens, ...deps.tokens()],
      mark,
      addresses: settings.callbackAddresses,
    }),
    describe: describeCallback,
    createApplicant: () => Promise.resolve(randomUUID()),
    // Country, address and consent go along with the run itself.
    updateApplicant: async applicantRef => void requireApplicant(applicantRef),
    openSession: createSessions(client, settings, mark),
    submit: (request, signal) => submitRun(client, request, signal),
    fetch: (checkRef, _workflow, signal) => fetchRun(client, checkRef, signal),
    interpret: interpretSnapshot,
    owner: snapshot => ownerOfSnapshot(mark, snapshot),
    download: (media, signal) => downloadPart(client, media, signal),
    // Jumio cannot be asked to call again; runs are found by asking for them.
    resend: () => Promise.resolve(),
    deleteApplicant: (applicantRef, signal, checkRefs = []) =>
      deleteAccounts(client, applicantRef, checkRefs, signal),
  };
}

/** A run goes on by itself once the customer is done; nothing is written here. */
async function submitRun(
  client: JumioClient,
  request: SubmitRequest,
  signal: AbortSignal,
): Promise<Submission> {
  requireApplicant(request.applicantRef);
  const { checkRef } = request;
  if (checkRef === undefined) return { outcome: 'nothing_to_submit' };
  const status = await readStatus(client, requireExecution(checkRef), signal);
  return stageOf(status) === 'finished'
    ? { outcome: 'submitted', checkRef, usedMedia: [] }
    : { outcome: 'nothing_to_submit' };
}

/** Deleting an account deletes all its runs; gone already is done too. */
async function deleteAccounts(
  client: JumioClient,
  applicantRef: string,
  checkRefs: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  requireApplicant(applicantRef);
  const accounts = new Set(checkRefs.map(checkRef => requireExecution(checkRef).accountId));
  for (const accountId of accounts)
    try {
      await client.remove(apiPath`/accounts/${accountId}`, signal);
    } catch (error) {
      if (!(error instanceof ProviderError && error.kind === 'missing')) throw error;
    }
}
