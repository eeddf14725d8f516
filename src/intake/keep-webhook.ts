/** The job that keeps an organization's webhook registered at its provider, and its secret here. Runs for ever. */

import type { RetryPlan } from '../jobs/retry.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Store } from '../store/store.js';
import { listWebhooks, saveWebhook } from '../store/webhooks.js';

/** The secrets of the webhooks we registered, by organization; in memory, because every delivery asks for one. */
export interface WebhookTokens {
  of(organization: string): readonly string[];
  set(organization: string, token: string): void;
}

export interface KeepWebhookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly tokens: WebhookTokens;
  /** base of the providers' webhook URLs */
  readonly webhookBase: string;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

const againMs = 6 * 3_600_000;

/** Never given up: without its webhook an organization lives on polling alone. */
const plan: RetryPlan = { attempts: Number.POSITIVE_INFINITY, firstMs: 2_000, longestMs: 900_000 };

/** The context a webhook's secret is sealed for. */
function tokenContext(organization: string): string {
  return `webhook token of ${organization}`;
}

/** The path an organization's deliveries come in at. */
export function webhookPath(organization: string): string {
  return `/serverapi/apiv1/identity-check/onfidowh/${encodeURIComponent(organization)}`;
}

/** The secrets known from earlier, and a place for new ones. */
export function loadWebhookTokens(store: Store): WebhookTokens {
  const tokens = new Map<string, string>();
  for (const { organization, token_sealed } of listWebhooks(store.main))
    tokens.set(organization, store.keyring.openOwn(token_sealed, tokenContext(organization)).toString());
  return {
    of(organization) {
      const token = tokens.get(organization);
      return token === undefined ? [] : [token];
    },
    set: (organization, token) => void tokens.set(organization, token),
  };
}

/** Builds the handler. */
export function createKeepWebhook(options: KeepWebhookOptions): JobHandler<'webhook'> {
  const { store, clock, tokens } = options;
  return {
    plan,
    async run(job, signal) {
      const { organization: id } = job.payload;
      const organization = options.organizations.find(id);
      const { provider } = organization ?? {};
      if (!provider?.keepWebhook) return undefined;
      const url = `${options.webhookBase}${webhookPath(id)}`;
      const kept = await provider.keepWebhook(`gatehouse:${store.installation}:${id}`, url, signal);
      options.failpoint?.('webhook.kept');
      saveWebhook(store.main, {
        organization: id,
        provider: provider.name,
        ref: kept.id,
        url,
        token_sealed: store.keyring.sealOwn(Buffer.from(kept.token), tokenContext(id)),
        checked_at: clock.now(),
      });
      tokens.set(id, kept.token);
      return { lookAgainAt: clock.now() + againMs };
    },
  };
}
