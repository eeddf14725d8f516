import type { Config } from '../config/config.js';
import { createPassDeadline } from '../deadlines/pass-deadline.js';
import { createKeepDocuments } from '../effects/documents/keep-documents.js';
import { createVault } from '../effects/documents/vault.js';
import { createEraseAtProvider } from '../effects/erasure/erase-at-provider.js';
import { createEraseInKratos } from '../effects/erasure/erase-in-kratos.js';
import { createEraseRemains } from '../effects/erasure/erase-remains.js';
import { createCompareStatus } from '../effects/mirror/compare-status.js';
import { createKratosClient } from '../effects/mirror/kratos-client.js';
import { createMirrorStatus } from '../effects/mirror/mirror-status.js';
import { createRestrictIdentity } from '../effects/mirror/restrict-identity.js';
import type { EarlyReports } from '../effects/notices/early-reports.js';
import { createSendNotice } from '../effects/notices/send-notice.js';
import type { SmsVendor } from '../effects/notices/vendors/vendor.js';
import { createKeepWebhook, type WebhookTokens } from '../intake/keep-webhook.js';
import { createReadCheck } from '../intake/read-check.js';
import { createResolveDelivery } from '../intake/resolve-delivery.js';
import type { JobHandlers } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import { phoneContext } from '../registration/create-registration.js';
import { createMakeSiteToken } from '../registration/make-site-token.js';
import { createPrepareApplicant } from '../registration/prepare-applicant.js';
import { createSiteTokens } from '../registration/site-tokens.js';
import { createLookForUploads, createSubmitUploads, submitUploads } from '../registration/submit-uploads.js';
import { createTellSite } from '../registration/tell-site.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Outbound } from '../runtime/outbound.js';
import { countArrived } from '../store/arrivals.js';
import type { Store } from '../store/store.js';
import type { InboxWriter } from '../store/threads/inbox-writer.js';
import type { Keeper } from '../store/threads/keeper.js';
import { createCatchUp } from '../sweep/catch-up.js';
import { createRecheck } from '../sweep/recheck.js';
import { vaultFolder } from './folders.js';

/** What the jobs' handlers are built from. */
export interface HandlerParts {
  readonly config: Config;
  readonly store: Store;
  readonly inbox: InboxWriter;
  readonly keeper: Keeper;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly tokens: WebhookTokens;
  readonly vendor: SmsVendor;
  readonly earlyReports: EarlyReports;
  /** speaks to the external verification site of an organization */
  readonly siteOutbound: (organization: string) => Outbound;
  /** speaks to Kratos; null when none is configured */
  readonly kratosOutbound: Outbound | null;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** The handler of every kind of job. */
export function createHandlers(parts: HandlerParts): JobHandlers {
  const { config, store, clock, organizations } = parts;
  const { failpoint } = parts;
  const base = { store, clock, organizations, ...(failpoint ? { failpoint } : {}) };
  const { lostAnswerMs } = config.times;
  const kratos = kratosOf(parts);
  const siteTokens = createSiteTokens(clock);
  return {
    prepare: createPrepareApplicant({ ...base, siteBase: config.urls.site }),
    site_token: createMakeSiteToken({ ...base, tokens: siteTokens }),
    tell_site: createTellSite({
      ...base,
      tokens: siteTokens,
      outboundOf: parts.siteOutbound,
      submitBase: config.urls.submit,
    }),
    submit: createSubmitUploads(base),
    look_for_uploads: createLookForUploads(base),
    deadline: createPassDeadline({
      ...base,
      submitUploads: (job, signal) => submitUploads(base, job, signal),
    }),
    resolve: createResolveDelivery({ ...base, inbox: parts.inbox }),
    read: createReadCheck(base),
    notice: createSendNotice({
      ...base,
      lostAnswerMs,
      vendor: parts.vendor,
      earlyReports: parts.earlyReports,
      siteBase: config.urls.site,
      phoneContext,
    }),
    mirror: createMirrorStatus({ ...base, kratos, lostAnswerMs }),
    compare: createCompareStatus({ ...base, kratos }),
    restrict: createRestrictIdentity({ store, kratos, onDecline: config.ory.onDecline }),
    documents: createKeepDocuments({ ...base, vault: createVault(store, vaultFolder(config)) }),
    erase_at_provider: createEraseAtProvider(base),
    erase_in_kratos: createEraseInKratos({ ...base, kratos }),
    erase_remains: createEraseRemains({
      ...base,
      vaultFolder: vaultFolder(config),
      unpackDeliveries: () => unpackAll(parts),
      removeDeliveries: ids => parts.inbox.settle(ids.map(id => ({ id, outcome: 'erased' as const }))),
      emptyLogs: () => parts.keeper.emptyLogs(),
    }),
    webhook: createKeepWebhook({ ...base, tokens: parts.tokens, webhookBase: config.urls.webhook }),
    catch_up: createCatchUp(base),
    recheck: createRecheck(base),
  };
}

const unpackPortion = 100;

/** What is there now, in portions, so that deliveries that come in meanwhile do not wait. */
async function unpackAll({ store, inbox }: Pick<HandlerParts, 'store' | 'inbox'>): Promise<void> {
  for (let left = countArrived(store.inbox); left > 0; left -= unpackPortion)
    await inbox.unpack(unpackPortion);
}

function kratosOf({ config, kratosOutbound }: HandlerParts) {
  if (!config.kratos || !kratosOutbound) return null;
  const { adminUrl, apiKey } = config.kratos;
  return createKratosClient({ adminUrl, ...(apiKey === undefined ? {} : { apiKey }) }, kratosOutbound);
}
