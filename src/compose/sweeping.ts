import type { Config, Organization } from '../config/config.js';
import type { NewJob } from '../domain/job.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import type { Log } from '../runtime/log.js';
import { addJob, bringForward, findWaiting, isGivenUp } from '../store/jobs.js';
import { readMeta, writeMeta } from '../store/meta.js';
import type { Store } from '../store/store.js';
import { lookForDrift } from '../sweep/drift.js';
import { reconcile } from '../sweep/reconcile.js';
import { watchSilence } from '../sweep/silence.js';
import { receiverOf } from './receivers.js';

export interface SweepingOptions {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly organizations: Organizations;
  /** jobs were made */
  readonly wake: () => void;
}

/** Looking after what may have been lost, and when to. */
export interface Sweeping {
  /**
   * at the start: webhooks are checked, what was lost is found, and a gap is caught up with. When the database refuses,
   * the next look begins again. @throws what the database refuses
   */
  begin(): void;
  /** every few minutes */
  look(): void;
  /** every minute: how the next start knows how long nobody was there, and anybody that the clock was set back */
  noteAlive(): void;
  /** receivers answer again after a while */
  returned(names: readonly string[], closedMs: number): void;
  /** a delivery for this organization could not be verified: perhaps the secret at the provider is another one now */
  doubtWebhook(organization: string): void;
}

/** Nobody was there, or nobody answered, for so long: deliveries may have been given up meanwhile. */
const gapMs = 10 * 60_000;
/** Strangers can send forgeries at will; they move nothing more often than this. */
const doubtPauseMs = 10 * 60_000;
/** What the provider refuses is told to the operator, and tried again each day, not at each look or doubt. */
const givenUpPauseMs = 86_400_000;
const aliveName = 'alive_at';

/** Builds it; nothing happens before `begin`. */
export function createSweeping(options: SweepingOptions): Sweeping {
  const { config, store, clock, log, organizations } = options;
  const doubtedAt = new Map<string, number>();
  /** organizations to catch up with, which the database may refuse to note */
  const behind = new Map<string, ServedOrganization>();
  let begun = false;

  function keepWebhook({ settings, provider }: ServedOrganization): void {
    if (provider.keepWebhook) keep(webhookJob(settings, clock.now()));
  }

  function keep(job: NewJob): void {
    addJob(store.main, job, clock.now(), 'again');
  }

  function catchUp({ settings }: ServedOrganization): void {
    keep(catchUpJob(settings, clock.now()));
  }

  function look(): void {
    if (!begun) {
      begin();
      return;
    }
    const ids = organizations.all.map(({ settings }) => settings.id);
    const found = reconcile({ store, clock, organizations: ids, mirrors: config.kratos !== undefined });
    if (Object.keys(found).length > 0)
      log.warn({ found }, 'work without a job was found and is taken up again');
    for (const organization of organizations.all)
      if (mayBeChecked(organization) && !waits(organization)) keepWebhook(organization);
    if (config.kratos) lookForDrift({ store, clock, organizations });
    watchSilence({
      store,
      clock,
      organizations,
      onChange: (organization, silent) => {
        if (!silent) log.info({ organization }, 'the provider speaks again');
      },
    });
    options.wake();
  }

  function waits({ settings }: ServedOrganization): boolean {
    return findWaiting(store.main, webhookKey(settings.id)) !== undefined;
  }

  /** Whether its webhook is for us to keep, and was not refused lately: then neither a look nor a stranger moves it. */
  function mayBeChecked(organization: ServedOrganization): boolean {
    const key = webhookKey(organization.settings.id);
    return isOurs(organization) && !isGivenUp(store.main, key, givenUpPauseMs, clock.now());
  }

  function catchUpAfterGap(): void {
    const aliveAt = Number(readMeta(store.main, aliveName) ?? clock.now());
    const goneMs = clock.now() - aliveAt;
    // a clock that was set back meanwhile tells nothing of how long it was
    if (goneMs >= 0 && goneMs < gapMs) return;
    log.info({ goneMs }, 'nobody was here for a while: providers are asked for what they said meanwhile');
    for (const organization of organizations.all) catchUp(organization);
  }

  function catchUpLater(): void {
    for (const [id, organization] of behind) {
      catchUp(organization);
      behind.delete(id);
    }
  }

  /** What a disk refuses of it is begun anew, as a whole: a note that somebody is here would hide how long nobody was. */
  function begin(): void {
    for (const organization of organizations.all) if (isOurs(organization)) keepWebhook(organization);
    catchUpAfterGap();
    begun = true;
    noteAlive();
    look();
  }

  function noteAlive(): void {
    if (!begun) {
      begin();
      return;
    }
    catchUpLater();
    const now = clock.now();
    const setBackMs = Number(readMeta(store.main, aliveName) ?? now) - now;
    store.main.transaction(() => {
      writeMeta(store.main, aliveName, String(now));
      if (setBackMs > 0) bringForward(store.main, setBackMs, now);
    });
    if (setBackMs <= 0) return;
    log.warn({ setBackMs }, 'the clock was set back: what waits for later waits for so much less');
    options.wake();
  }

  return {
    begin,
    look,
    noteAlive,
    returned(names, closedMs) {
      if (closedMs < gapMs) return;
      for (const organization of organizations.all)
        if (names.includes(receiverOf(organization.settings)))
          behind.set(organization.settings.id, organization);
      catchUpLater();
    },
    doubtWebhook(id) {
      const organization = organizations.find(id);
      const now = clock.now();
      const sinceMs = now - (doubtedAt.get(id) ?? 0);
      if (!organization || (sinceMs >= 0 && sinceMs < doubtPauseMs)) return;
      // noted first: a flood of forgeries costs no look into the database each
      doubtedAt.set(id, now);
      if (!mayBeChecked(organization)) return;
      keepWebhook(organization);
      options.wake();
    },
  };
}

/** A secret given by the operator means that nothing is written at the provider. */
function isOurs({ settings, provider }: ServedOrganization): boolean {
  return provider.keepWebhook !== undefined && settings.provider.webhookTokens.length === 0;
}

function webhookKey(organization: string): string {
  return `webhook:${organization}`;
}

function webhookJob(settings: Organization, runAt: number): NewJob<'webhook'> {
  return {
    kind: 'webhook',
    key: webhookKey(settings.id),
    lane: webhookKey(settings.id),
    receiver: receiverOf(settings),
    payload: { organization: settings.id },
    runAt,
  };
}

function catchUpJob(settings: Organization, runAt: number): NewJob<'catch_up'> {
  return {
    kind: 'catch_up',
    key: `catch_up:${settings.id}`,
    lane: `catch_up:${settings.id}`,
    receiver: receiverOf(settings),
    payload: { organization: settings.id },
    runAt,
  };
}
