/** An organization keeps the provider its people were checked by, or the start is refused. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { keepProviders } from '../../src/compose/kept-providers.js';
import { ConfigError } from '../../src/config/problems.js';
import { createOrganizations, type ServedOrganization } from '../../src/providers/organizations.js';
import { newId } from '../../src/runtime/ids.js';
import { addRegistration } from '../../src/store/commit-registration.js';
import type { Db } from '../../src/store/db.js';
import { addIdentity } from '../../src/store/identities.js';
import { knownOrganizations } from '../../src/store/known-organizations.js';
import type { Store } from '../../src/store/store.js';
import { openWorkshop } from '../config/workshop.js';
import { openTestStore } from '../store/open-db.js';

let now = 1_000;

/** Somebody whom a provider was to check, for a kiosk or for Ory. */
function register(
  store: Store,
  organization: string,
  provider: string,
  channel: 'kiosk' | 'ory' = 'ory',
): void {
  now += 1;
  const id = newId('idn', now);
  const kratosId = channel === 'ory' ? randomUUID() : null;
  const row = {
    ...{ id, organization, kratos_identity_id: kratosId, phone_sealed: null },
    phone_index: channel === 'ory' ? null : randomBytes(32),
    data_key: store.keyring.createDataKey(id).wrapped,
  };
  const owner = addIdentity(store.main, row, now);
  addRegistration(
    store,
    {
      ...{ owner, organization, provider, channel, kioskId: null, kratosIdentityId: kratosId },
      ...{ language: 'en', country: null, customer: {}, notifies: false, phoneVerified: true },
      ...{ externalSite: false, expiresAt: now + 1 },
    },
    now,
  );
}

const vendors = {
  PERSONA_API_KEY: 'persona_production_x',
  PERSONA_TEMPLATE_ID: 'itmpl_Test0001',
  JUMIO_CLIENT_ID: 'client-4711',
  JUMIO_CLIENT_SECRET: 'not-a-secret-0815',
};

/** The lines of the refusal; none when it starts. */
function refusal(t: TestContext, store: Store, organizations: string): string[] {
  const { config } = openWorkshop(t, `organizations:\n${organizations}`).load(vendors);
  try {
    assert.equal(keepProviders(config, store.main), config);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return String(error).split('\n');
  }
}

const onfido = '  - {id: 1, name: A, countries: [CZ]}\n';
const persona = (id: string) => `  - id: ${id}\n    name: B\n    countries: [CZ]\n    provider: persona\n`;

for (const channel of ['kiosk', 'ory'] as const)
  test(`a settings file that gives an organization another provider is refused (${channel})`, t => {
    const store = openTestStore(t);
    assert.deepEqual(refusal(t, store, persona('1')), [], 'nobody is known yet');
    register(store, '1', 'onfido', channel);
    assert.deepEqual(refusal(t, store, onfido), [], 'nothing changed');
    assert.deepEqual(refusal(t, store, persona('1')), [
      'config/gatehouse.yaml:5: organizations[0].provider: is persona, but the people of organization 1 were checked by onfido; ' +
        'write onfido again, and give persona an organization with an id of its own',
    ]);
    assert.deepEqual(refusal(t, store, onfido + persona('b')), [], 'the remedy works');
    assert.deepEqual(refusal(t, store, persona('b')), [], 'the old one may go');
  });

test('a provider that is nowhere written is shown where its organization is', t => {
  const store = openTestStore(t);
  register(store, '1', 'persona');
  assert.match(
    refusal(t, store, onfido).join('\n'),
    /^config\/gatehouse\.yaml:2: organizations\[0\]\.provider: is onfido/,
  );
});

test('where an older version let the provider change, the first one has the organization', t => {
  const store = openTestStore(t);
  for (const provider of ['onfido', 'persona', 'persona']) register(store, '1', provider);
  assert.deepEqual(refusal(t, store, onfido), []);
  assert.equal(refusal(t, store, persona('1')).length, 1);
});

test('by the environment alone each provider gets the organization it had for Ory, and a new one the next number', t => {
  const store = openTestStore(t);
  const { config } = openWorkshop(t)
    .emptied()
    .load({ ...vendors, ORY_WEBHOOK_SECRET: 'whsec-6f1d2c3b4a59687796a5b4c3d2e1f0' });
  const served = () =>
    keepProviders(config, store.main).organizations.map(({ id, provider }) => `${id} ${provider.provider}`);
  assert.deepEqual(served(), ['1 onfido', '2 jumio', '3 persona']);
  register(store, '1', 'persona');
  assert.deepEqual(served(), ['2 onfido', '3 jumio', '1 persona']);
  register(store, 'hall', 'jumio', 'kiosk');
  assert.deepEqual(served(), ['2 onfido', 'hall jumio', '1 persona']);
  register(store, 'late', 'jumio');
  assert.deepEqual(served(), ['2 onfido', 'late jumio', '1 persona']);
});

test('a start looks at few rows, however many there are', t => {
  const store = openTestStore(t);
  register(store, '2', 'jumio');
  for (let count = 0; count < 50; count++) register(store, '1', 'onfido', 'kiosk');
  const asked: string[] = [];
  const watched: Db = {
    ...store.main,
    prepare(text) {
      asked.push(text);
      return store.main.prepare(text);
    },
  };
  assert.deepEqual(knownOrganizations(watched), [
    { id: '1', provider: 'onfido', ory: false },
    { id: '2', provider: 'jumio', ory: true },
  ]);
  assert.equal(asked.length, 1);
  const plan = store.main.raw.prepare(`EXPLAIN QUERY PLAN ${asked[0]}`).all() as { detail: string }[];
  const steps = plan.map(({ detail }) => detail);
  assert.ok(steps.some(step => /^SEARCH identities USING COVERING INDEX/.test(step)));
  // what is scanned are the organizations found so far
  assert.deepEqual(
    steps.filter(step => /^SCAN (?!known)|TEMP B-TREE/.test(step)),
    [],
  );
});

test('a registration of another provider has no organization to work on it', () => {
  const settings = { id: '1' };
  const served = { settings, provider: { name: 'persona' } } as ServedOrganization;
  const organizations = createOrganizations([served]);
  assert.equal(organizations.of({ organization: '1', provider: 'persona' }), served);
  assert.equal(organizations.of({ organization: '1', provider: 'jumio' }), undefined);
  assert.equal(organizations.of({ organization: '2', provider: 'persona' }), undefined);
});
