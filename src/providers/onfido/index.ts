/** Onfido's adapter: classic checks and Studio workflow runs of one organization. */
import type { OnfidoSettings } from '../../config/config.js';
import type { Clock } from '../../runtime/clock.js';
import type { Outbound } from '../../runtime/outbound.js';
import type { Provider } from '../provider.js';
import { createApplicant, deleteApplicant, updateApplicant } from './applicants.js';
import { apiPath, createClient } from './client.js';
import { describeDelivery } from './describe.js';
import { fetchCheck, fetchRun } from './fetch.js';
import { requireUuid } from './ids.js';
import { interpretSnapshot, ownerOfSnapshot } from './interpret.js';
import { downloadMedia } from './media.js';
import { capturePage } from './page.js';
import { openClassicSession, openWorkflowSession } from './sessions.js';
import { verifySignature } from './signature.js';
import { submitClassic, submitWorkflow } from './submit.js';
import { type KeptWebhook, keepWebhook } from './webhook-upkeep.js';

/** The port, and the upkeep of the webhook, which only Onfido has. */
export interface Onfido extends Provider {
  /**
   * Finds, creates or corrects the webhook of this name at Onfido and tells its token. Writes; so not to be called
   * where the operator gave a token of their own.
   */
  keepWebhook(name: string, url: string, signal: AbortSignal): Promise<KeptWebhook>;
}

export interface OnfidoDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** webhook tokens in force besides the configured ones, asked anew for each delivery */
  readonly tokens: () => readonly string[];
}

/** @throws when a URL in the settings is none; the configuration has made sure that they are */
export function createOnfido(settings: OnfidoSettings, deps: OnfidoDeps): Onfido {
  const client = createClient(settings, deps);
  const studio = settings.mode === 'studio';
  return {
    name: 'onfido',
    page: capturePage(settings),
    verify: delivery => verifySignature(delivery, [...settings.webhookTokens, ...deps.tokens()]),
    describe: describeDelivery,
    createApplicant: (request, signal) => createApplicant(client, request, signal),
    updateApplicant: (ref, update, signal) => updateApplicant(client, ref, update, signal),
    deleteApplicant: (ref, signal) => deleteApplicant(client, ref, signal),
    openSession: (request, signal) =>
      (studio ? openWorkflowSession : openClassicSession)(client, settings, request, signal),
    submit: (request, signal) =>
      studio ? submitWorkflow(client, request, signal) : submitClassic(client, settings, request, signal),
    fetch: (ref, workflow, signal) => (workflow ? fetchRun : fetchCheck)(client, ref, signal),
    interpret: interpretSnapshot,
    owner: ownerOfSnapshot,
    download: (media, signal) => downloadMedia(client, media, signal),
    async resend(checkRefs, signal) {
      // Onfido resends `check.completed` only; runs are found by asking for them.
      if (studio || checkRefs.length === 0) return;
      const data = checkRefs.map(ref => ({ resource_id: requireUuid(ref), event: 'check.completed' }));
      await client.run('POST', apiPath`/webhooks/resend`, { data }, signal);
    },
    keepWebhook: (name, url, signal) => keepWebhook({ client, name, url, signal }),
  };
}
