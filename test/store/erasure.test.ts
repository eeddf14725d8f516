/** What an erasure leaves in the files themselves: pages that SQLite moved around before are searched too. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { newId } from '../../src/runtime/ids.js';
import { commitEvent } from '../../src/store/commit.js';
import { eraseIdentity } from '../../src/store/commit-erasure.js';
import { addRegistration } from '../../src/store/commit-registration.js';
import { addDocument } from '../../src/store/documents.js';
import { findErasure, isElsewhere, removeErasure } from '../../src/store/erasures.js';
import { addIdentity } from '../../src/store/identities.js';
import { setApplicant } from '../../src/store/registrations.js';
import type { Store } from '../../src/store/store.js';
import { openTestStore } from './open-db.js';

const policy = { autoRegistration: true, resubmissions: 0, linkMs: 1, silenceMs: 1 };

/** Somebody with everything that is kept of somebody. */
function somebody(store: Store, now: number) {
  const { main, keyring } = store;
  const id = newId('idn', now);
  const kratosId = randomUUID();
  const owner = addIdentity(
    main,
    {
      id,
      organization: '1',
      phone_index: null,
      phone_sealed: null,
      data_key: keyring.createDataKey(id).wrapped,
      kratos_identity_id: kratosId,
    },
    now,
  );
  const refs = { applicantRef: randomUUID(), checkRef: randomUUID(), picture: randomUUID() };
  const { row, checks } = addRegistration(
    store,
    {
      owner,
      organization: '1',
      channel: 'ory',
      kioskId: null,
      kratosIdentityId: kratosId,
      provider: 'onfido',
      language: 'en',
      country: null,
      customer: { firstName: 'Anna', lastName: 'z'.repeat(now % 900) },
      notifies: false,
      phoneVerified: true,
      externalSite: false,
      expiresAt: now + 1,
    },
    now,
  );
  setApplicant(main, row.id, refs.applicantRef);
  const checkId = checks[0]?.id ?? '';
  const read = { kind: 'final', asOf: now, result: 'CLEAR', reason: `about ${refs.checkRef}` } as const;
  for (const event of [
    { kind: 'submitted', checkId, checkRef: refs.checkRef },
    { kind: 'read', checkId, reading: read },
  ] as const)
    commitEvent(main, { registrationId: row.id, event, policy, now });
  addDocument(main, {
    check_id: checkId,
    kind: 'document',
    ref: refs.picture,
    file: `${id}/x`,
    content_type: 'image/png',
    bytes: 1,
    stored_at: now,
  });
  return { id, kratosId, traces: [id, kratosId, row.id, ...Object.values(refs)] };
}

test('nothing of whom was erased is left in the file, the pages that were moved included', t => {
  const store = openTestStore(t);
  const people = Array.from({ length: 150 }, (_, nth) =>
    store.main.transaction(() => somebody(store, 1_000_000 + nth * 37)),
  );
  const erased = people.filter((_, nth) => nth % 3 === 1);
  for (const { id } of erased) {
    const done = eraseIdentity(store, id, 2_000_000);
    assert.ok(done);
    const erasure = findErasure(store, done.erasureId);
    assert.ok(erasure && isElsewhere(store, erasure));
    // as when everybody was told
    store.main.raw.exec("DELETE FROM jobs WHERE kind LIKE 'erase%'");
    assert.equal(isElsewhere(store, erasure), false);
    removeErasure(store, done.erasureId);
    assert.equal(eraseIdentity(store, id, 2_000_000), undefined, 'once');
  }
  assert.equal(store.main.emptyLog(), true);
  const file = readFileSync(store.files.main);
  assert.equal(readFileSync(`${store.files.main}-wal`).length, 0);
  const left = erased.flatMap(({ traces }) => traces.filter(trace => file.includes(trace)));
  assert.deepEqual(left, []);
  const others = people.filter(person => !erased.includes(person));
  assert.ok(others.every(({ traces }) => traces.every(trace => file.includes(trace))));
  assert.deepEqual(store.main.raw.pragma('foreign_key_check'), []);
});
