/** Whatever happens to somebody's registrations, in any order: what their Kratos identities are told, and that they are told. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { admit } from '../../../src/domain/admission.js';
import { mayAttempt } from '../../../src/domain/attempts.js';
import type { Event } from '../../../src/domain/events.js';
import { phaseOf, settledStanding, standingOf } from '../../../src/domain/phase.js';
import type { PersonAction } from '../../../src/domain/registration.js';
import type { Result } from '../../../src/domain/results.js';
import { meantFor } from '../../../src/effects/mirror/mirror-status.js';
import { jumioOry } from '../../../src/providers/jumio/ory.js';
import { createOrganizations, type ServedOrganization } from '../../../src/providers/organizations.js';
import { ReviewRefusal, resolveCase } from '../../../src/review/resolve-case.js';
import { newId } from '../../../src/runtime/ids.js';
import { commitEvent } from '../../../src/store/commit.js';
import { addRegistration } from '../../../src/store/commit-registration.js';
import { newestDeclineOf } from '../../../src/store/earlier-declines.js';
import { addIdentity, findIdentity } from '../../../src/store/identities.js';
import { findOryPerson } from '../../../src/store/ory-people.js';
import {
  findRegistration,
  findRegistrationBySeq,
  newestRegistration,
  type StoredRegistration,
} from '../../../src/store/registrations.js';
import type { Store } from '../../../src/store/store.js';
import { policy } from '../../domain/registrations.js';
import { openTestStore } from '../../store/open-db.js';

const organizations = createOrganizations([
  { settings: { id: '1', ory: true }, provider: { name: 'jumio' }, ory: jumioOry } as ServedOrganization,
]);
const words = jumioOry.statuses;
const rules = { ...policy, resubmissions: 1 };

type Step =
  | { readonly kind: 'ask'; readonly kratos: number }
  | { readonly kind: 'read'; readonly nth: number; readonly result: Result }
  | { readonly kind: 'reopened' | 'deadline' | 'submitted'; readonly nth: number }
  | { readonly kind: 'person'; readonly nth: number; readonly action: PersonAction };

const nth = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), kratos: fc.nat({ max: 2 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      nth,
      result: fc.constantFrom<Result>(
        'CLEAR',
        'SUSPECTED',
        'REJECTED',
        'REJECTED_IMAGE_INTEGRITY',
        'CAUTION',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'deadline' as const,
        'deadline' as const,
        'reopened' as const,
        'submitted' as const,
      ),
      nth,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      nth,
      action: fc.constantFrom<PersonAction>('register', 'reject', 'again'),
    }),
  },
);
const steps = fc.array(step, { minLength: 4, maxLength: 16, size: 'max' });

/** Somebody with their registrations, whom a kiosk knows by a phone or Ory by the first of their Kratos identities. */
function somebody(store: Store, channel: 'kiosk' | 'ory') {
  const { main } = store;
  const ids: string[] = [];
  const kratosIds = [randomUUID(), randomUUID()];
  let now = 1_000_000;
  const own = channel === 'ory' ? (kratosIds[0] ?? null) : null;
  const identityId = newId('idn', now);
  addIdentity(
    main,
    {
      id: identityId,
      organization: '1',
      phone_index: channel === 'kiosk' ? randomBytes(32) : null,
      phone_sealed: null,
      data_key: store.keyring.createDataKey(identityId).wrapped,
      kratos_identity_id: own,
    },
    now,
  );
  const declined = () => newestDeclineOf(main, identityId) !== null;
  const standing = () => standingOf(own === null ? null : (findOryPerson(main, '1', own)?.person ?? null));

  function mayAsk(): boolean {
    if (channel === 'ory') return mayAttempt(standing(), 0, 9) === 'new';
    const { identity } = findIdentity(main, identityId)!;
    const source = identity.source && findRegistrationBySeq(main, identity.source.seq)?.registration;
    const newest = newestRegistration(main, identityId)?.registration;
    return admit(identity, newest ?? null, source ?? null, declined()).kind === 'new';
  }

  function ask(kratos: number): void {
    if (!mayAsk()) return;
    const stored = addRegistration(
      store,
      {
        owner: findIdentity(main, identityId)!,
        organization: '1',
        channel,
        kioskId: null,
        kratosIdentityId: own ?? kratosIds[kratos] ?? null,
        provider: 'jumio',
        language: 'en',
        country: null,
        customer: {},
        notifies: false,
        phoneVerified: true,
        externalSite: false,
        expiresAt: now + policy.linkMs,
      },
      now,
    );
    ids.push(stored.row.id);
  }

  function eventOf(
    { registration }: StoredRegistration,
    about: Exclude<Step, { kind: 'ask' | 'person' }>,
  ): Event {
    const checkId = registration.checks.at(-1)?.id ?? '';
    switch (about.kind) {
      case 'read':
        return { kind: 'read', checkId, reading: { asOf: now, kind: 'final', result: about.result } };
      case 'reopened':
        return { kind: 'read', checkId, reading: { asOf: now, kind: 'reopened' } };
      case 'submitted':
        return { kind: 'submitted', checkId, checkRef: `ref of ${checkId}` };
      case 'deadline':
        return { kind: 'deadline', expiresAt: registration.expiresAt };
    }
  }

  function review(stored: StoredRegistration, action: PersonAction): void {
    try {
      resolveCase(store, stored, { action, by: 'reviewer', reason: 'looked' }, rules, now);
    } catch (error) {
      assert.ok(error instanceof ReviewRefusal);
    }
  }

  function take(about: Step): void {
    now += 1_000;
    const stored = findRegistration(main, about.kind === 'ask' ? '' : (ids[about.nth % ids.length] ?? ''));
    if (about.kind === 'ask') ask(about.kratos);
    else if (!stored) return;
    else if (about.kind === 'person') review(stored, about.action);
    else
      commitEvent(main, { registrationId: stored.row.id, event: eventOf(stored, about), policy: rules, now });
  }

  const registrations = () => ids.map(id => findRegistration(main, id)!);
  return {
    kratosIds,
    own,
    take,
    registrations,
    standing,
    declined,
    identity: () => findIdentity(main, identityId)!.identity,
  };
}

type Somebody = ReturnType<typeof somebody>;

/** What a Kratos identity is to be told, the same whichever registration asks; undefined: nothing. */
function meant(store: Store, person: Somebody, kratosId: string) {
  const asking = person.registrations().filter(({ row }) => row.kratos_identity_id === kratosId);
  const values = asking.map(asked => meantFor({ store, organizations }, asked, kratosId, jumioOry));
  for (const value of values) assert.deepEqual(value, values[0]);
  return values[0];
}

/** Whether a job is there to tell it; such jobs are then done. */
function takeJobs(store: Store, kratosId: string): boolean {
  const mine = "kind = 'mirror' AND lane = ? AND state = 'ready'";
  return store.main.raw.prepare(`DELETE FROM jobs WHERE ${mine}`).run(`kratos:${kratosId}`).changes > 0;
}

function judge(person: Somebody, kratosId: string, status: unknown): void {
  if (person.own !== null) {
    const standing = person.standing();
    assert.equal(status, standing === 'none' ? undefined : words[standing], 'as the gate has it');
    return;
  }
  const { status: is, source } = person.identity();
  const all = person.registrations();
  const decided = all.find(({ row }) => row.seq === source?.seq)?.registration ?? null;
  const settled = settledStanding(is, decided);
  if (settled === 'awaiting' || settled === 'rejected') assert.equal(status, words[settled]);
  if (settled === null && person.declined()) assert.equal(status, words.rejected);
  const cleared = all.some(
    ({ row, registration }) =>
      row.kratos_identity_id === kratosId &&
      phaseOf(registration) === 'registered' &&
      settled === 'registered',
  );
  assert.equal(status === words.registered, cleared, 'approved by a check for it, and by nothing else');
}

for (const channel of ['kiosk', 'ory'] as const)
  test(`${channel}: Kratos is told the decision, by whichever registration, as soon as it differs`, t => {
    const store = openTestStore(t);
    store.main.raw.pragma('synchronous = OFF');
    fc.assert(
      fc.property(steps, all => {
        const person = somebody(store, channel);
        const told = new Map<string, unknown>();
        for (const about of all) {
          person.take(about);
          for (const kratosId of person.kratosIds) {
            const value = meant(store, person, kratosId);
            if (value === undefined) continue;
            const asked = takeJobs(store, kratosId);
            const text = JSON.stringify(value);
            assert.ok(asked || told.get(kratosId) === text, `nobody tells ${text}`);
            told.set(kratosId, text);
            judge(person, kratosId, value.status);
          }
        }
      }),
      { numRuns: Number(process.env.TOLD_RUNS ?? 300) },
    );
  });
