/** Providers come and go between two starts; what each of them said about somebody stays its own. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { policyOf } from '../../src/compose/serve-organizations.js';
import { loadConfig } from '../../src/config/load.js';
import type { PersonAction } from '../../src/domain/registration.js';
import { findReviewed, resolveCase } from '../../src/review/resolve-case.js';
import { startJumioSimulator } from '../../src/simulators/jumio/index.js';
import { startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { startPersonaSimulator } from '../../src/simulators/persona/index.js';
import { openEnvironmentBox } from '../support/environment-box.js';
import { blockedOf } from '../support/ory.js';

type Environment = Readonly<Record<string, string>>;

/** The providers' setups, each as its vendor's integration writes it. */
async function startVendors(t: TestContext) {
  const onfido = await startOnfidoSimulator();
  const jumio = await startJumioSimulator({ clientId: 'client', clientSecret: 'only-for-this-test' });
  const persona = await startPersonaSimulator({ templateIds: ['itmpl_Test0001'] });
  t.after(async () => {
    for (const vendor of [onfido, jumio, persona]) await vendor.close();
  });
  return {
    onfido: {
      ONFIDO_API_TOKEN: 'api_live.only-for-this-test',
      ONFIDO_API_BASE: onfido.url,
      ONFIDO_WEBHOOK_TOKEN: 'wh-only-for-this-test-0123456789',
    },
    jumio: {
      JUMIO_CLIENT_ID: 'client',
      JUMIO_CLIENT_SECRET: 'only-for-this-test',
      JUMIO_API_BASE_URL: jumio.url,
      JUMIO_AUTH_URL: jumio.authUrl,
    },
    persona: {
      PERSONA_API_KEY: 'persona_production_only-for-this-test',
      PERSONA_TEMPLATE_ID: 'itmpl_Test0001',
      PERSONA_WEBHOOK_SECRET: 'wbhsec_only_for_this_test',
      PERSONA_API_BASE: persona.url,
    },
  } satisfies Record<string, Environment>;
}

/** A box that is started again and again on one data folder, each time with the environment of its day. */
async function openBox(t: TestContext, gate: 'declined' | 'approved') {
  const box = await openEnvironmentBox(t);
  const { running, hook, kratos, kratosId, cwd, common } = box;
  return {
    async start(...environments: Environment[]) {
      const { config } = loadConfig({ env: { ...common, ...Object.assign({}, ...environments) }, cwd });
      const appliance = await box.start({ ...config, ory: { ...config.ory, gate } });
      await appliance.idle();
    },
    organizations: () =>
      running().config.organizations.map(({ id, provider }) => `${id} ${provider.provider}`),
    async begin(provider: string): Promise<Record<string, unknown>> {
      const answer = await hook(`/${provider}/initiate`);
      assert.equal(answer.status, 200, answer.text);
      await running().idle();
      return answer.json<Record<string, unknown>>();
    },
    async blocked(provider: string): Promise<number | null> {
      const answer = await hook(`/${provider}/validate`);
      return answer.status === 200 ? null : blockedOf(answer).id;
    },
    /** what a person decides about the newest registration */
    async decide(action: PersonAction) {
      const { config, store, runner } = running();
      const row = store.main.raw.prepare('SELECT id FROM registrations ORDER BY seq DESC').get();
      const stored = findReviewed(store, (row as { id: string }).id) ?? assert.fail('it is stored');
      const organization = config.organizations.find(({ id }) => id === stored.row.organization);
      assert.ok(organization);
      const word = { action, by: 'reviewer', reason: 'looked at it' };
      resolveCase(store, stored, word, policyOf(config, organization), Date.now());
      runner.wake();
      await running().idle();
    },
    mirrored: () => kratos.identities.get(kratosId)?.metadata_public ?? {},
  };
}

test('a decline stays when another provider is taken out of the environment, and when its own is', async t => {
  const { onfido, jumio, persona } = await startVendors(t);
  const box = await openBox(t, 'declined');
  await box.start(jumio, persona);
  assert.deepEqual(box.organizations(), ['1 jumio', '2 persona']);
  await box.begin('persona');
  await box.decide('reject');
  assert.equal(await box.blocked('persona'), 9410003);

  await box.start(persona);
  assert.deepEqual(box.organizations(), ['2 persona']);
  assert.equal(await box.blocked('persona'), 9410003);
  assert.equal((await box.begin('persona')).status, 'declined', 'and no check begins anew');

  await box.start(onfido, jumio);
  assert.deepEqual(box.organizations(), ['1 onfido', '3 jumio']);
  for (const provider of ['onfido', 'jumio']) assert.equal(await box.blocked(provider), 9410003);
});

test('an approval stays with its provider when another one is added to the environment', async t => {
  const { onfido, jumio } = await startVendors(t);
  const box = await openBox(t, 'approved');
  await box.start(jumio);
  await box.begin('jumio');
  await box.decide('register');
  const told = () => Object.keys(box.mirrored());
  assert.deepEqual([await box.blocked('jumio'), told()], [null, ['jumio']]);

  await box.start(onfido, jumio);
  assert.deepEqual(box.organizations(), ['2 onfido', '1 jumio']);
  assert.equal(await box.blocked('onfido'), 9410004, 'Onfido has never seen them');
  assert.equal(await box.blocked('jumio'), null);
  assert.deepEqual(told(), ['jumio']);
});

test('a start with the same environment serves the same organizations', async t => {
  const { jumio, persona } = await startVendors(t);
  const box = await openBox(t, 'declined');
  for (const _start of ['first', 'second']) {
    await box.start(jumio, persona);
    assert.deepEqual(box.organizations(), ['1 jumio', '2 persona']);
    for (const provider of ['jumio', 'persona']) await box.begin(provider);
  }
});
