/** A decision lands whole or not at all. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { commitEvent } from '../../src/store/commit.js';
import { openTestStore } from './open-db.js';
import { addSomebody, registerThem } from './register.js';

const now = 2_000;
const policy = { autoRegistration: true, resubmissions: 0, linkMs: 90_000, silenceMs: 60_000 };

/** Every table that a decision changes, and how. */
const changes = [
  ['checks', 'UPDATE'],
  ['registrations', 'UPDATE'],
  ['identities', 'UPDATE'],
  ['registration_events', 'INSERT'],
  ['review_cases', 'INSERT'],
  ['alerts', 'INSERT'],
  ['notices', 'INSERT'],
  ['jobs', 'INSERT'],
] as const;

/** A kiosk's customer, whose check comes back and says nothing: that touches every table there is to touch. */
function openUndecided(t: TestContext) {
  const store = openTestStore(t);
  const { main } = store;
  const { row, checks } = registerThem(store, addSomebody(store, now), now + policy.linkMs, now);
  const reading = { kind: 'final', asOf: now + 1, result: 'UNKNOWN', reason: 'no report' } as const;
  const event = { kind: 'read', checkId: checks[0]?.id ?? '', reading } as const;
  return {
    main,
    commit: () => commitEvent(main, { registrationId: row.id, event, policy, now: now + 1 }),
    /** all that is in each of the tables */
    rows: () => changes.map(([table]) => main.raw.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all()),
  };
}

test('a decision of which anything cannot be stored changes nothing, and lands whole later', t => {
  const { main, commit, rows } = openUndecided(t);
  const before = rows();
  for (const [table, verb] of changes) {
    main.raw.exec(`CREATE TRIGGER refusal BEFORE ${verb} ON ${table}
                   BEGIN SELECT RAISE(ABORT, 'no ${table} today'); END`);
    assert.throws(commit, { message: `no ${table} today` });
    assert.deepEqual(rows(), before, table);
    main.raw.exec('DROP TRIGGER refusal');
  }
  assert.equal(commit()?.changed, true);
  for (const [place, landed] of rows().entries())
    assert.notDeepEqual(landed, before[place], `nothing of it is in ${changes[place]?.[0]}`);
  const whole = rows();
  assert.equal(commit()?.changed, false);
  assert.deepEqual(rows(), whole, 'once');
});
