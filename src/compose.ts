/** Builds the appliance from a configuration. The only place that sees every room; running a process is cli's. */
import { join } from 'node:path';
import { watchAlerts } from './compose/alert-log.js';
import { createHandOnLog } from './compose/hand-on-log.js';
import { createHandlers } from './compose/handlers.js';
import { createJobRunner } from './compose/job-runner.js';
import { keepProviders } from './compose/kept-providers.js';
import { type Listening, listen } from './compose/listen.js';
import { createPrivateListener, createPublicListener } from './compose/listeners.js';
import { createOry } from './compose/ory.js';
import { loadPolicyModule, type PolicyModule } from './compose/policy-module.js';
import { createReceiverBook, receiverOf, siteOf } from './compose/receivers.js';
import { serveOrganizations } from './compose/serve-organizations.js';
import { isToldByHealth, watchIntegrity, watchKeeper, watchStore } from './compose/store-health.js';
import { createSweeping, type Sweeping } from './compose/sweeping.js';
import type { Config, Organization, OutboundTrust } from './config/config.js';
import { createEarlyReports } from './effects/notices/early-reports.js';
import { createSmsVendor } from './effects/notices/vendors/registry.js';
import { createHealth } from './http/health.js';
import { createHandOn } from './intake/hand-on.js';
import { loadWebhookTokens } from './intake/keep-webhook.js';
import type { JobHandlers, Runner } from './jobs/runner.js';
import type { Organizations } from './providers/organizations.js';
import { createProvider } from './providers/registry.js';
import { makeOnce } from './registration/make-once.js';
import { isPublicAddress } from './runtime/addresses.js';
import { type Clock, systemClock } from './runtime/clock.js';
import { createOutbound } from './runtime/create-outbound.js';
import type { Failpoint } from './runtime/failpoint.js';
import { createKeyring } from './runtime/keyring.js';
import { createLog, type Log } from './runtime/log.js';
import type { Outbound } from './runtime/outbound.js';
import { type Closers, createClosers } from './runtime/shutdown.js';
import { writeOut } from './runtime/standard-output.js';
import { createCustomerJourney } from './site/customer-journey.js';
import { pruneJobs } from './store/jobs.js';
import { lockDataDir } from './store/lock.js';
import { forgetResumeLinks } from './store/ory-people.js';
import { openStore, type Store } from './store/store.js';
import { type InboxWriter, startInboxWriter } from './store/threads/inbox-writer.js';
import { type Keeper, startKeeper } from './store/threads/keeper.js';
import { watchUnreadable } from './sweep/unreadable.js';
import { openTls } from './tls/open-tls.js';

/** What a test or the demo may put in place of the real thing. */
export interface ComposeOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** where the `console` SMS vendor prints */
  readonly stream?: { write(text: string): unknown };
  readonly random?: () => number;
  /** puts something around the jobs' handlers, e.g. a fault between two steps */
  readonly aroundHandlers?: (handlers: JobHandlers) => JobHandlers;
  /** called between two steps of the work, where a test may end the process */
  readonly failpoint?: Failpoint;
}

/** The running whole. */
export interface Appliance {
  readonly config: Config;
  readonly store: Store;
  readonly runner: Runner;
  readonly inbox: InboxWriter;
  readonly keeper: Keeper;
  readonly organizations: Organizations;
  /** where it really listens, once `start` has returned */
  readonly addresses: { readonly public: string; readonly private: string };
  /** listens, then begins to work off jobs */
  start(): Promise<void>;
  /** resolves when no delivery waits, no job runs and none is due */
  idle(): Promise<void>;
  /** stops taking work, lets what runs end within the limit, closes everything. True when it was done in time. */
  close(): Promise<boolean>;
}

const alertPollMs = 2_000;
const sweepMs = 300_000;
/** what waited for the gateway goes first */
const integrityAfterMs = 120_000;
const keepDoneJobsMs = 7 * 86_400_000;
/** in one look: a few milliseconds' worth, and more in a day than a box does */
const mostForgotten = 1_000;
const keepResumeLinksMs = 86_400_000;

/**
 * Builds it: opens the databases, loads modules and certificates. Nothing listens and no job runs before `start`.
 *
 * @throws {ConfigError} when an organization has another provider than its people were checked by
 * @throws whatever of it cannot be opened, having closed the rest
 */
export async function compose(config: Config, options: ComposeOptions = {}): Promise<Appliance> {
  const log = options.log ?? createLog(config.log);
  const closers = createClosers(log);
  try {
    return await build(config, options, log, closers);
  } catch (error) {
    await closers.closeAll(config.limits.shutdownMs);
    throw error;
  }
}

async function build(
  configured: Config,
  options: ComposeOptions,
  log: Log,
  closers: Closers,
): Promise<Appliance> {
  const clock = options.clock ?? systemClock;
  closers.add('lock', lockDataDir(configured.dataDir));
  const store = openStore(configured.dataDir, createKeyring(configured.masterKey), clock.now(), true);
  closers.add('store', () => store.close());
  const config = keepProviders(configured, store.main);
  for (const db of [store.main, store.inbox]) db.serve();
  const keeper = startKeeper({
    files: [
      { file: store.files.main, writtenByThread: false },
      { file: store.files.inbox, writtenByThread: true },
    ],
  });
  closers.add('keeper', () => keeper.close());
  watchKeeper(keeper, log);
  const failing = options.failpoint ? { failpoint: options.failpoint } : {};
  const inboxThread = { file: store.files.inbox, masterKey: config.masterKey };
  const inbox = startInboxWriter(inboxThread, options.failpoint);
  closers.add('inbox', () => inbox.close());
  const outbound = (what: string, trust: OutboundTrust) => openOutbound(closers, what, trust);
  const tokens = loadWebhookTokens(store);
  const policyModules = await loadPolicyModules(config, log);
  const receivers = createReceiverBook(config, clock);
  const providerDeps = (settings: Organization) => ({
    outbound: receivers.count(
      receiverOf(settings),
      outbound(`provider of ${settings.id}`, settings.provider.trust),
    ),
    clock,
    tokens: () => tokens.of(settings.id),
    sign: (purpose: string, text: string) => store.keyring.sign(`${purpose} of ${settings.id}`, text),
  });
  const { lostAnswerMs } = config.times;
  const providerOf = (settings: Organization) =>
    makeOnce(createProvider(settings.provider, providerDeps(settings)), {
      store,
      clock,
      lostAnswerMs,
      ...failing,
    });
  const organizations = serveOrganizations(config, providerOf, policyModules);
  const vendor = createSmsVendor(config.sms, {
    outbound: receivers.count('sms', outbound('SMS vendor', {})),
    clock,
    stream: options.stream ?? { write: writeOut },
  });
  const earlyReports = createEarlyReports();
  const sitesOutbound = outbound('verification sites', {});
  const handlers = createHandlers({
    config,
    store,
    inbox,
    keeper,
    clock,
    organizations,
    tokens,
    vendor,
    earlyReports,
    siteOutbound: organization => receivers.count(siteOf(organization), sitesOutbound),
    kratosOutbound: config.kratos ? receivers.count('kratos', outbound('Kratos', config.kratos.trust)) : null,
    ...failing,
  });
  const sweeping = createSweeping({ config, store, clock, log, organizations, wake: () => wake() });
  const runner = createJobRunner({
    store,
    clock,
    log,
    handlers: options.aroundHandlers?.(handlers) ?? handlers,
    receivers,
    onReturn: sweeping.returned,
    ...failing,
    ...(options.random === undefined ? {} : { random: options.random }),
  });
  closers.add('runner', () => runner.stop(config.limits.shutdownMs));
  const wake = () => runner.wake();
  const handOn = createHandOn({
    store,
    inbox,
    clock,
    organizations,
    wake,
    ...createHandOnLog(log),
    ...failing,
  });
  closers.add('handing on', () => handOn.stop());
  const journey = createCustomerJourney({
    store,
    clock,
    organizations,
    siteBase: config.urls.site,
    ...(config.ory.returnUrl === undefined ? {} : { oryReturnUrl: config.ory.returnUrl }),
    wake,
    tried: key => runner.tried(key),
    isPublicAddress,
    ...failing,
    onProblem: (registration, problem) =>
      log.info({ registration, problem }, 'a customer’s browser reports a problem'),
    onProviderError: (registration, error) =>
      log.warn(
        { registration, kind: error.kind, err: error },
        'the provider did not serve a waiting customer',
      ),
  });
  const ory = createOry({
    config,
    store,
    clock,
    log,
    organizations,
    wake,
    tried: key => runner.tried(key),
    sessionsOutbound: config.kratos ? outbound('Kratos sessions', config.kratos.trust) : null,
  });
  const health = createHealth(log);
  closers.add('watch over the store', watchStore({ health, log, clock, store, inbox }));
  const surroundings = { dataDir: join(config.dataDir), hostname: config.hostname, clock, log };
  const onKept = () => handOn.wake();
  const onDoubt = sweeping.doubtWebhook;
  const served = { organizations, inbox, onKept, onDoubt, journey, vendor, earlyReports, ory };
  const parts = { config, log, store, clock, health, wake, ...served, ...failing };
  const publicTls = await openTls(config.publicListener.tls, surroundings);
  closers.add('public certificate', () => publicTls.close());
  const privateTls = config.privateListener.tls && (await openTls(config.privateListener.tls, surroundings));
  if (privateTls) closers.add('private certificate', () => privateTls.close());
  const publicListener = await createPublicListener(parts, publicTls);
  closers.add('public listener', () => publicListener.close());
  const privateListener = await createPrivateListener(parts, privateTls);
  closers.add('private listener', () => privateListener.close());

  const listeners: readonly Listening[] = [
    { app: publicListener, name: 'public', at: config.publicListener, tls: true },
    { app: privateListener, name: 'private', at: config.privateListener, tls: privateTls !== undefined },
  ];
  const addresses = { public: '', private: '' };
  return {
    config,
    store,
    runner,
    inbox,
    keeper,
    organizations,
    addresses,
    async idle() {
      await handOn.idle();
      await runner.idle();
    },
    async start() {
      for (const each of listeners) addresses[each.name] = await listen(each);
      closers.add('timers', startTimers({ clock, log, store, sweeping, lookAtInbox: onKept }));
      runner.start();
      onKept();
      const lookWhole = () => void watchIntegrity({ keeper, health, log, clock, main: store.main });
      closers.add('integrity', clock.after(integrityAfterMs, lookWhole));
      guarded(log, 'looking for what was lost', sweeping.begin);
    },
    // the listeners alone may take their whole limit
    close: () => closers.closeAll(config.limits.shutdownMs + 5_000),
  };
}

function openOutbound(closers: Closers, what: string, trust: OutboundTrust): Outbound {
  const outbound = createOutbound({ ...trust, allowPrivate: true });
  closers.add(`client of ${what}`, () => outbound.close());
  return outbound;
}

async function loadPolicyModules(config: Config, log: Log): Promise<Map<string, PolicyModule>> {
  const loaded = new Map<string, PolicyModule>();
  for (const { id, policyModule } of config.organizations) {
    if (policyModule === undefined) continue;
    const onFault = (error: Error) =>
      log.error({ organization: id, err: error }, 'the policy module failed: a person must look');
    loaded.set(id, await loadPolicyModule(policyModule, onFault));
  }
  return loaded;
}

interface Timers {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly sweeping: Sweeping;
  readonly lookAtInbox: () => void;
}

/** What is done now and then. Returns what ends it. */
function startTimers({ clock, log, store, sweeping, lookAtInbox }: Timers): () => void {
  const alerts = watchAlerts(store.main, log);
  const unreadable = () =>
    guarded(log, 'looking for deliveries that cannot be opened', () => watchUnreadable({ store, clock }));
  // what the last gateway, or a command since, found may not have been told
  unreadable();
  const cancels = [
    every(clock, alertPollMs, () => guarded(log, 'looking for alerts', alerts)),
    every(clock, 60_000, lookAtInbox),
    every(clock, 60_000, () => guarded(log, 'noting that the gateway is there', sweeping.noteAlive)),
    every(clock, sweepMs, () => guarded(log, 'looking for what was lost', sweeping.look)),
    every(clock, sweepMs, unreadable),
    every(clock, sweepMs, () =>
      guarded(log, 'forgetting what is done', () => {
        pruneJobs(store.main, clock.now() - keepDoneJobsMs, mostForgotten);
        forgetResumeLinks(store.main, clock.now() - keepResumeLinksMs);
      }),
    ),
  ];
  return () => {
    for (const cancel of cancels) cancel();
  };
}

function every(clock: Clock, ms: number, act: () => void): () => void {
  let cancel = clock.after(ms, tick);
  function tick(): void {
    act();
    cancel = clock.after(ms, tick);
  }
  return () => cancel();
}

/** For what happens outside any request or job: a fault is logged and the work is found again by the next look. */
function guarded(log: Log, what: string, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!isToldByHealth(error)) log.error({ err: error, what }, 'background work failed');
  }
}
