/** A box with nothing but the environment of an Ory setup: `.env.example`, filled in for one provider, and a start. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Appliance } from '../../src/compose.js';
import { environmentWithDotenv } from '../../src/config/dotenv.js';
import { loadConfig } from '../../src/config/load.js';
import { startJumioSimulator } from '../../src/simulators/jumio/index.js';
import { startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { startPersonaSimulator } from '../../src/simulators/persona/index.js';
import type { Answer } from '../support/call.js';
import { openEnvironmentBox } from '../support/environment-box.js';

const example = readFileSync(fileURLToPath(new URL('../../../.env.example', import.meta.url)), 'utf8');

/** What somebody does to the copy: the line of each name is uncommented and filled in. */
function filledIn(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [name, value]) => {
    const line = new RegExp(`^#${name}=.*$`, 'm');
    assert.match(text, line, `.env.example names ${name}`);
    return text.replace(line, `${name}=${value}`);
  }, example);
}

interface Box {
  readonly appliance: Appliance;
  readonly kratosId: string;
  readonly warnings: string;
  hook(path: string, body?: object): Promise<Answer>;
  metadata(): Record<string, Record<string, { status?: string } | undefined> | null>;
}

/** `cp .env.example .env`, the values, `npm start`; but for the ports, which a test cannot have. */
async function startBox(t: TestContext, values: Readonly<Record<string, string>>): Promise<Box> {
  const { cwd, kratos, kratosId, common, hook, start } = await openEnvironmentBox(t);
  writeFileSync(join(cwd, '.env'), filledIn({ ...common, KRATOS_PUBLIC_URL: kratos.publicUrl, ...values }));
  const { config } = loadConfig({ env: environmentWithDotenv({ env: {}, cwd }), cwd });
  return {
    appliance: await start(config),
    kratosId,
    warnings: config.warnings.join('\n'),
    hook,
    metadata: () => kratos.identities.get(kratosId) as unknown as ReturnType<Box['metadata']>,
  };
}

/** The provider's three endpoints are there, a sign-up begins a check, and the others' are not. */
async function servesOnly(
  box: Box,
  provider: 'onfido' | 'jumio' | 'persona',
  [tree, status]: readonly [tree: string, status: string],
): Promise<Record<string, string>> {
  const begun = await box.hook(`/${provider}/initiate`, { first_name: 'Ada', last_name: 'Quill' });
  assert.equal(begun.status, 200, begun.text);
  await box.appliance.idle();
  assert.equal(box.metadata()[tree]?.[provider]?.status, status);
  assert.deepEqual(
    [(await box.hook(`/${provider}/validate`)).text],
    ['{}'],
    'by default only a decline blocks',
  );
  for (const other of ['onfido', 'jumio', 'persona'].filter(name => name !== provider))
    assert.equal((await box.hook(`/${other}/initiate`)).status, 404);
  assert.match(box.warnings, /GATEHOUSE_HOSTNAME/);
  return begun.json<Record<string, string>>();
}

test('Onfido', async t => {
  const onfido = await startOnfidoSimulator();
  t.after(() => onfido.close());
  const box = await startBox(t, {
    ONFIDO_API_TOKEN: 'api_live.only-for-this-test',
    ONFIDO_API_BASE: onfido.url,
    ONFIDO_WORKFLOW_ID: 'c0ffee00-0000-4000-8000-0000000000aa',
    ONFIDO_WEBHOOK_TOKEN: 'wh-only-for-this-test-0123456789',
  });
  const begun = await servesOnly(box, 'onfido', ['metadata_public', 'pending']);
  assert.ok(begun.applicant_id && begun.workflow_run_id);
});

test('Jumio', async t => {
  const jumio = await startJumioSimulator({ clientId: 'client', clientSecret: 'only-for-this-test' });
  t.after(() => jumio.close());
  const box = await startBox(t, {
    JUMIO_CLIENT_ID: 'client',
    JUMIO_CLIENT_SECRET: 'only-for-this-test',
    JUMIO_API_BASE_URL: jumio.url,
    JUMIO_AUTH_URL: jumio.authUrl,
    JUMIO_WORKFLOW_KEY: '10013',
    JUMIO_CALLBACK_SECRET: 'callback-only-for-this-test',
  });
  const begun = await servesOnly(box, 'jumio', ['metadata_public', 'initiated']);
  assert.ok(begun.account_id && begun.workflow_execution_id);
  assert.equal(jumio.state().workflows[0]?.definitionKey, '10013');
});

test('Persona', async t => {
  const persona = await startPersonaSimulator({ templateIds: ['itmpl_Test0001'] });
  t.after(() => persona.close());
  const box = await startBox(t, {
    PERSONA_API_KEY: 'persona_production_only-for-this-test',
    PERSONA_TEMPLATE_ID: 'itmpl_Test0001',
    PERSONA_WEBHOOK_SECRET: 'wbhsec_only_for_this_test',
    PERSONA_INQUIRY_TYPE: 'hosted-embedded',
    PERSONA_API_BASE: persona.url,
  });
  const begun = await servesOnly(box, 'persona', ['metadata_admin', 'created']);
  assert.match(begun.inquiry_id ?? '', /^inq_/);
});
