/** The gate over a real store: what it says of every history, and that it says something whatever happens. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../../src/domain/events.js';
import type { GateRule } from '../../../src/domain/gate.js';
import type { PersonAction } from '../../../src/domain/registration.js';
import { familyOf, type Result, results } from '../../../src/domain/results.js';
import type { Organizations } from '../../../src/providers/organizations.js';
import { oryWordsOf } from '../../../src/providers/registry.js';
import { createGate, type GateReply } from '../../../src/registration/ory/validate.js';
import { newId } from '../../../src/runtime/ids.js';
import { createKeyring } from '../../../src/runtime/keyring.js';
import { commitEvent } from '../../../src/store/commit.js';
import { addRegistration } from '../../../src/store/commit-registration.js';
import { addIdentity, findIdentity } from '../../../src/store/identities.js';
import { openStore } from '../../../src/store/store.js';
import { TestClock } from '../../support/clock.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-gate-'));
const clock = new TestClock();
const store = openStore(folder, createKeyring(Buffer.alloc(32, 7)), clock.now());
// nothing here is worth a sync
store.main.raw.pragma('synchronous = OFF');
after(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = oryWordsOf('onfido');
assert.ok(words);
const policy = { autoRegistration: true, resubmissions: 0, linkMs: 5_400_000, silenceMs: 600_000 };

/** One organization for Onfido, one for Jumio; only what the gate looks at. */
function organization(id: string, provider: string) {
  const settings = { id, ory: true, mirror: true, language: 'en' };
  return { settings, provider: { name: provider }, ory: oryWordsOf(provider) };
}
const served = [organization('1', 'onfido'), organization('2', 'jumio')];
const organizations = { all: served, find: () => served[0] } as unknown as Organizations;

function gateOf(gate: GateRule, over: { overloaded?: boolean; store?: typeof store } = {}) {
  const faults: unknown[] = [];
  const options = {
    ...{ store: over.store ?? store, clock, organizations, siteBase: 'https://kyc.example.net' },
    settings: { gate, resumeLink: true },
    ...{ wake: () => {}, tried: async () => {}, legacyKeys: [], everAsked: ['1', '2', 'gone'] },
    overloaded: () => over.overloaded ?? false,
    onFault: (error: unknown) => void faults.push(error),
  };
  const first = { organization: served[0], provider: 'onfido', words };
  const ask = createGate(options as never, first as never);
  return { ask: (id: string): GateReply => ask({ identity_id: id }), faults };
}

function messageOf({ body }: GateReply): { id: number; context: { idv: { url: string | null } } } {
  const { messages } = body as {
    messages: { messages: { id: number; context: { idv: { url: string | null } } }[] }[];
  };
  return messages[0]?.messages[0] ?? assert.fail('a refusal has a message');
}

test('who cannot be looked up is not let in, and is told so', () => {
  const broken = { ...store, main: undefined } as unknown as typeof store;
  for (const over of [{ overloaded: true, store: broken }, { store: broken }])
    for (const rule of ['declined', 'approved'] as const) {
      const gate = gateOf(rule, over);
      const reply = gate.ask(randomUUID());
      assert.deepEqual(
        [reply.status, messageOf(reply).id, messageOf(reply).context.idv.url],
        [403, 9410009, null],
      );
      assert.equal(gate.faults.length, over.overloaded ? 0 : 1, 'an overloaded box looks nothing up');
    }
});

/** What happens to somebody, in any order that the parts of it allow. */
type Happening =
  | { readonly kind: 'attempt'; readonly at: '1' | '2' }
  | { readonly kind: 'result'; readonly nth: number; readonly result: Result }
  | { readonly kind: 'person'; readonly action: PersonAction };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('attempt' as const), at: fc.constantFrom('1', '2') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('result' as const),
      nth: fc.nat(3),
      result: fc.constantFrom<Result>(
        'CLEAR',
        'CLEAR',
        'SUSPECTED',
        'REJECTED',
        'CAUTION',
        'UNKNOWN',
        'EXPIRED',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      action: fc.constantFrom<PersonAction>('register', 'reject', 'again'),
    }),
  },
);

interface Attempt {
  readonly id: string;
  readonly at: '1' | '2';
  /** the word of the machine that counts, and what a person said last */
  result: Result | null;
  person: PersonAction | null;
  /** when a person spoke, and since when it is turned down for good; null where neither is so */
  personAt: number | null;
  declinedAt: number | null;
}

/** Lets it all happen in the store; answers what is known of each attempt, oldest first. */
function live(kratosId: string, happenings: readonly Happening[]): Attempt[] {
  const attempts: Attempt[] = [];
  const owners = new Map<string, string>();
  const commit = (registrationId: string, event: Event) =>
    void commitEvent(store.main, { registrationId, event, policy, now: clock.now() });
  for (const each of happenings) {
    clock.advance(1_000);
    const now = clock.now();
    if (each.kind === 'attempt') {
      const id = owners.get(each.at) ?? newOwner(each.at, kratosId, now);
      owners.set(each.at, id);
      // one that is open gives way, as it does when a run is abandoned
      store.main.raw.prepare('UPDATE registrations SET open_key = NULL WHERE identity_id = ?').run(id);
      const owner = findIdentity(store.main, id);
      assert.ok(owner);
      const made = addRegistration(
        store,
        {
          ...{ owner, organization: each.at, channel: 'ory', kioskId: null, kratosIdentityId: kratosId },
          ...{ provider: each.at === '1' ? 'onfido' : 'jumio', language: 'en', country: null, customer: {} },
          ...{ notifies: false, phoneVerified: true, externalSite: false, expiresAt: now + 86_400_000 },
        },
        now,
      );
      const nothing = { result: null, person: null, personAt: null, declinedAt: null };
      attempts.push({ id: made.row.id, at: each.at, ...nothing });
    } else if (each.kind === 'result') {
      const attempt = attempts[each.nth % Math.max(1, attempts.length)];
      if (!attempt) continue;
      const checkId = `${attempt.id.replace(/^reg_/, 'chk_')}-1`;
      commit(attempt.id, {
        kind: 'read',
        checkId,
        reading: { asOf: now, kind: 'final', result: each.result },
      });
      attempt.result = wordAfter(attempt.result, each.result);
      attempt.declinedAt = declinedAt(attempt, now);
    } else {
      const attempt = attempts.at(-1);
      if (!attempt || attempts.some(other => other.at === attempt.at && other.person !== null)) continue;
      commit(attempt.id, { kind: 'person', action: each.action });
      attempt.person = each.action;
      attempt.personAt = now;
      attempt.declinedAt = declinedAt(attempt, now);
    }
  }
  return attempts;
}

function newOwner(organizationId: string, kratosId: string, now: number): string {
  const id = newId('idn', now);
  const { wrapped } = store.keyring.createDataKey(id);
  const row = { id, organization: organizationId, phone_index: null, phone_sealed: null, data_key: wrapped };
  return addIdentity(store.main, { ...row, kratos_identity_id: kratosId }, now).row.id;
}

/** A refusal outlives that nothing can be said any more; otherwise the newest word counts. */
function wordAfter(known: Result | null, said: Result): Result {
  const refused = known !== null && ['suspected', 'rejected'].includes(familyOf(known));
  return refused && ['unknown', 'expired'].includes(familyOf(said)) ? known : said;
}

const isFraud = (result: Result | null) => result !== null && familyOf(result) === 'suspected';

function declinedAt({ person, result, declinedAt: known }: Attempt, now: number): number | null {
  const declined = person === 'reject' || (person === null && isFraud(result));
  return declined ? (known ?? now) : null;
}

/** A refusal that stands: fraud, or a person's word, that no person has cleared who knew of it. */
function standsDeclined(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ declinedAt: since }, place) => {
    const letIn = attempts.some(({ person }) => person === 'register');
    const cleared = attempts
      .slice(place + 1)
      .some(
        ({ person, personAt }) =>
          (person === 'register' || person === 'again') && (personAt ?? 0) >= (since ?? 0),
      );
    return since !== null && !cleared && !letIn;
  });
}

test('whatever happened in whichever order, the gate opens for nothing but what the contract says', () => {
  const lenient = gateOf('declined');
  const strict = gateOf('approved');
  let opened = 0;
  let closed = 0;
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 9 }), happenings => {
      const kratosId = randomUUID();
      const attempts = live(kratosId, happenings);
      const mine = attempts.filter(({ at }) => at === '1');
      const others = attempts.filter(({ at }) => at === '2');
      const declined = standsDeclined(mine) || standsDeclined(others);
      const approved =
        mine.some(({ person }) => person === 'register') ||
        mine.some(({ result, person }) => result === 'CLEAR' && person === null);
      if (strict.ask(kratosId).status === 200) {
        opened += 1;
        assert.ok(approved, 'only an approval of this provider opens');
        assert.ok(!declined, 'no refusal stands');
        assert.equal(lenient.ask(kratosId).status, 200);
      }
      const reply = lenient.ask(kratosId);
      assert.equal(reply.status, declined ? 403 : 200);
      if (!declined) return;
      closed += 1;
      for (const { ask } of [lenient, strict]) {
        const { id, context } = messageOf(ask(kratosId));
        assert.deepEqual([id, context.idv.url], [9410003, null], 'a refusal for good gives no link');
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(opened > 5 && closed > 5, `${opened} opened, ${closed} closed: both are met often`);
});

test('every family of results is among those that happen', () => {
  const families = new Set(
    ['CLEAR', 'SUSPECTED', 'REJECTED', 'CAUTION', 'UNKNOWN', 'EXPIRED'].map(word => familyOf(word as Result)),
  );
  const all = new Set((Object.keys(results) as Result[]).map(familyOf));
  all.delete('resubmission');
  assert.deepEqual(families, all);
});
