/** A gateway's core without listeners: real stores, intake, jobs and decisions, over a provider that a test scripts. */
import type { TestContext } from 'node:test';
import type { Organization } from '../../src/config/config.js';
import { createPassDeadline } from '../../src/deadlines/pass-deadline.js';
import type { Findings } from '../../src/domain/findings.js';
import type { Policy } from '../../src/domain/policy.js';
import type { PersonAction } from '../../src/domain/registration.js';
import { createHandOn } from '../../src/intake/hand-on.js';
import { createReadCheck } from '../../src/intake/read-check.js';
import { createResolveDelivery } from '../../src/intake/resolve-delivery.js';
import { createRunner, type JobHandlers, type Runner } from '../../src/jobs/runner.js';
import { createOrganizations, type ServedOrganization } from '../../src/providers/organizations.js';
import { type Provider, ProviderError } from '../../src/providers/provider.js';
import {
  createLookForUploads,
  createSubmitUploads,
  submitUploads,
} from '../../src/registration/submit-uploads.js';
import { keepArrival, unpackArrivals } from '../../src/store/arrivals.js';
import { commitEvent, lookForUploadsJob, submitJob } from '../../src/store/commit.js';
import { settleDelivery } from '../../src/store/deliveries.js';
import { findIdentity } from '../../src/store/identities.js';
import { addJob } from '../../src/store/jobs.js';
import { rememberRecent } from '../../src/store/recent-deliveries.js';
import { findRegistration, noteCheck, setApplicant } from '../../src/store/registrations.js';
import { openTestStore } from '../store/open-db.js';
import { addSomebody, registerThem } from '../store/register.js';
import { TestClock } from '../support/clock.js';

export const policy: Policy = {
  autoRegistration: true,
  resubmissions: 0,
  linkMs: 5_400_000,
  silenceMs: 600_000,
};

/** What the provider has for one customer. */
export interface Truth {
  uploaded: boolean;
  checkRef: string | null;
  owner: string | null;
  findings: Findings;
}

export interface Case {
  readonly id: string;
  readonly checkId: string;
  readonly truth: Truth;
}

export interface Box {
  readonly clock: TestClock;
  /** calls to the provider that fail before they succeed again */
  failures: number;
  begin(): Case;
  deliver(about: Case, action: string, copy?: number): void;
  hint(about: Case): void;
  decide(about: Case, action: PersonAction): void;
  /** the process dies and is started again */
  restart(): void;
  settle(): Promise<void>;
  /** lets time pass, in steps */
  pass(ms: number): Promise<void>;
  standing(about: Case): { identity: string; status: string; result: string | null };
}

/** Starts it over a store of its own. */
export function startBox(t: TestContext): Box {
  const store = openTestStore(t);
  // what a power cut would take back is not what is tested here
  for (const db of [store.main, store.inbox]) db.raw.pragma('synchronous = OFF');
  const clock = new TestClock();
  const truths = new Map<string, Truth>();
  const recent = rememberRecent(store.inbox);
  const ofCheck = (ref: string) => [...truths].find(([, truth]) => truth.checkRef === ref);

  function answer<T>(value: () => T): Promise<T> {
    if (box.failures > 0) {
      box.failures -= 1;
      return Promise.reject(new ProviderError('later', 'a fault'));
    }
    return Promise.resolve().then(value);
  }

  const provider = {
    name: 'onfido',
    page: { kind: 'embedded', sources: {}, workflow: false },
    describe: raw => JSON.parse(raw.toString()),
    owner: snapshot => (snapshot.body as Truth).owner,
    interpret: snapshot => (snapshot.body as Truth).findings,
    fetch: ref =>
      answer(() => {
        const found = ofCheck(ref);
        if (!found) throw new ProviderError('missing', 'unknown');
        return { checkRef: ref, applicantRef: found[0], body: { ...found[1] } };
      }),
    submit: ({ applicantRef, checkId }) =>
      answer(() => {
        const truth = truths.get(applicantRef)!;
        if (!truth.uploaded) return { outcome: 'nothing_to_submit' };
        truth.checkRef ??= `ref of ${applicantRef}`;
        truth.owner ??= checkId;
        return { outcome: 'submitted', checkRef: truth.checkRef, usedMedia: [] };
      }),
  } as Pick<Provider, 'name' | 'page' | 'describe' | 'owner' | 'interpret' | 'fetch' | 'submit'> as Provider;

  const settings = {
    id: '1',
    name: 'Example Coins',
    sandbox: false,
    expectedReports: ['document', 'facial'],
    provider: { provider: 'onfido', strictFace: false, trustApproved: false, webhookTokens: [] },
    verificationSite: { kind: 'built-in' },
  } as unknown as Organization;
  const organization: ServedOrganization = {
    settings,
    provider,
    ory: null,
    policy,
    uploadsMs: 600_000,
    holds: () => [],
  };
  const organizations = createOrganizations([organization]);
  const inbox = {
    async unpack(atLeast: number) {
      return unpackArrivals(store.inbox, store.keyring, atLeast, recent);
    },
    async settle(
      settlements: readonly { id: number; outcome: 'handed_on' | 'ignored' | 'foreign' | 'final' }[],
    ) {
      for (const { id, ...settled } of settlements) settleDelivery(store.inbox, id, settled);
    },
  };
  const base = { store, clock, organizations };
  const nothing = { run: () => undefined };
  const handlers = new Proxy(
    {
      submit: createSubmitUploads(base),
      look_for_uploads: createLookForUploads(base),
      deadline: createPassDeadline({
        ...base,
        submitUploads: (job, signal) => submitUploads(base, job, signal),
      }),
      resolve: createResolveDelivery({ ...base, inbox }),
      read: createReadCheck(base),
    } as Partial<JobHandlers> as Record<string, unknown>,
    { get: (known, kind: string) => known[kind] ?? nothing },
  ) as unknown as JobHandlers;

  let runner = start();
  const fail = (error: Error) => {
    throw error;
  };
  const handOn = createHandOn({
    ...base,
    inbox,
    wake: () => runner.wake(),
    onTrouble: error => error && fail(error),
    onUnreadable: (_delivery, error) => fail(error),
  });

  function start(): Runner {
    const fresh = createRunner({
      db: store.main,
      clock,
      handlers,
      classify: error => ({
        retry: !(error instanceof ProviderError) || error.kind === 'later',
        code: error instanceof ProviderError ? error.kind : String(error),
        receiver: error instanceof ProviderError && error.kind === 'later' ? 'ill' : 'well',
      }),
      onFailure: (_job, failure) => {
        if (failure.code !== 'later') throw new Error(failure.code);
      },
      onTrouble: error => fail(error),
      random: () => 0.5,
    });
    fresh.start();
    return fresh;
  }

  const box: Box = {
    clock,
    failures: 0,
    begin() {
      const now = clock.now();
      const id = addSomebody(store, now);
      const stored = registerThem(store, id, now + policy.linkMs, now);
      const applicant = `applicant of ${id}`;
      setApplicant(store.main, stored.row.id, applicant);
      const checkId = stored.checks[0]!.id;
      noteCheck(store.main, checkId, { startedAt: now });
      commitEvent(store.main, {
        registrationId: stored.row.id,
        event: { kind: 'opened', via: 'sms' },
        policy,
        now,
      });
      addJob(store.main, lookForUploadsJob(stored.row, checkId, now + 600_000), now, 'again');
      const truth: Truth = {
        uploaded: false,
        checkRef: null,
        owner: null,
        findings: undefined as unknown as Findings,
      };
      truths.set(applicant, truth);
      return { id: stored.row.id, checkId, truth };
    },
    deliver({ truth, id }, action, copy = 0) {
      const checkRef = truth.checkRef ?? 'a check nobody made';
      const raw = Buffer.from(
        JSON.stringify({ action, relevant: true, checkRef, workflow: false, id, copy }),
      );
      keepArrival(store.inbox, store.keyring, {
        sources: [{ organization: '1', provider: 'onfido' }],
        parts: [0, clock.now(), raw.length],
        bytes: raw,
      });
      handOn.wake();
    },
    hint({ id, checkId }) {
      const { row } = findRegistration(store.main, id)!;
      noteCheck(store.main, checkId, { hintedAt: clock.now() });
      addJob(store.main, submitJob(row, checkId, clock.now()), clock.now(), 'again');
      runner.wake();
    },
    decide({ id }, action) {
      commitEvent(store.main, {
        registrationId: id,
        event: { kind: 'person', action },
        policy,
        now: clock.now(),
        person: { by: 'reviewer', reason: 'looked' },
      });
    },
    restart() {
      void runner.stop(0);
      clock.advance(0);
      runner = start();
    },
    async settle() {
      await handOn.idle();
      await runner.idle();
    },
    async pass(ms) {
      const steps = Math.ceil(ms / 60_000);
      for (let step = 0; step < steps; step++) {
        clock.advance(ms / steps);
        await box.settle();
      }
    },
    standing({ id }) {
      const { registration, row } = findRegistration(store.main, id)!;
      return {
        identity: findIdentity(store.main, row.identity_id)?.identity.status ?? 'none',
        status: registration.status,
        result: registration.result,
      };
    },
  };
  return box;
}
