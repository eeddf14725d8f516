import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkshop, secrets } from './workshop.js';

const ory = { ORY_WEBHOOK_SECRET: 'whsec-6f1d2c3b4a59687796a5b4c3d2e1f0' };

test("an Ory setup's environment alone is a whole configuration", t => {
  const { config, origins } = openWorkshop(t)
    .emptied()
    .load({ ...ory, GATEHOUSE_HOSTNAME: 'KYC.example.net', KRATOS_ADMIN_URL: 'http://127.0.0.1:4434' });
  assert.equal(config.hostname, 'kyc.example.net');
  assert.deepEqual(config.ory.webhookSecrets, [ory.ORY_WEBHOOK_SECRET]);
  assert.equal(config.ory.gate, 'declined');
  assert.equal(config.kratos?.adminUrl, 'http://127.0.0.1:4434');
  const [organization, ...others] = config.organizations;
  assert.deepEqual(others, []);
  const { id, ory: serves, autoRegistration, mirror, provider, countries } = organization!;
  assert.deepEqual([id, serves, autoRegistration, mirror, countries], ['1', true, true, true, []]);
  assert.equal(provider.provider === 'onfido' && provider.mode, 'classic');
  assert.ok(origins.some(({ key, origin }) => key === 'hostname' && /GATEHOUSE_HOSTNAME/.test(origin)));
});

test('with a workflow named, Onfido runs it', t => {
  const ONFIDO_WORKFLOW_ID = 'c0ffee00-0000-4000-8000-0000000000aa';
  const { config } = openWorkshop(t)
    .emptied()
    .load({ ...ory, ONFIDO_WORKFLOW_ID });
  const { provider } = config.organizations[0]!;
  assert.ok(provider.provider === 'onfido');
  assert.deepEqual([provider.mode, provider.workflowId], ['studio', ONFIDO_WORKFLOW_ID]);
});

test('each provider whose key is set gets its organization, Onfido first', t => {
  const jumio = { JUMIO_CLIENT_ID: 'client-4711', JUMIO_CLIENT_SECRET: 'not-a-secret-0815' };
  const served = (env: Record<string, string | undefined>) =>
    openWorkshop(t)
      .emptied()
      .load({ ...ory, ...env })
      .config.organizations.map(({ id, provider }) => `${id} ${provider.provider}`);
  assert.deepEqual(served(jumio), ['1 onfido', '2 jumio']);
  assert.deepEqual(served({ ...jumio, ONFIDO_API_TOKEN: undefined }), ['1 jumio']);
});

test('a stand-in for a vendor may be on this machine, and nowhere else', t => {
  const lines = (ONFIDO_API_BASE: string) =>
    openWorkshop(t)
      .emptied()
      .lines({ ...ory, ONFIDO_API_BASE });
  assert.deepEqual(lines('http://127.0.0.1:4010/v3.6'), []);
  assert.match(lines('https://onfido.example.net/v3.6').join('\n'), /outside onfido\.com/);
});

test('without a name the box is this machine alone, and says so', t => {
  const { config } = openWorkshop(t).emptied().load(ory);
  assert.equal(config.hostname, 'localhost');
  assert.match(config.warnings.join('\n'), /GATEHOUSE_HOSTNAME/);
});

test('two secrets are live while one is changed', t => {
  const { config } = openWorkshop(t)
    .emptied()
    .load({ ...ory, ORY_WEBHOOK_SECRET_PREVIOUS: 'whsec-the-one-before' });
  assert.deepEqual(config.ory.webhookSecrets, [ory.ORY_WEBHOOK_SECRET, 'whsec-the-one-before']);
});

test('the master key is needed all the same, and the remedy makes no settings file', t => {
  const lines = openWorkshop(t)
    .emptied()
    .lines({ ...ory, GATEHOUSE_MASTER_KEY: undefined });
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^environment: GATEHOUSE_MASTER_KEY: is missing; make one with `openssl rand/);
});

test("without any provider's key the start stops and names them", t => {
  const lines = openWorkshop(t)
    .emptied()
    .lines({ ...ory, ONFIDO_API_TOKEN: undefined });
  assert.match(lines.join('\n'), /^environment: ORY_WEBHOOK_SECRET: is set, but .* ONFIDO_API_TOKEN/);
});

test('a named configuration folder without settings is a mistake, whatever the environment says', t => {
  const lines = openWorkshop(t).lines({ ...ory, GATEHOUSE_CONFIG_DIR: 'none' });
  assert.match(lines[0]!, /^none\/gatehouse\.yaml: is missing/);
});

const served = `front: cloudflared
kratos: {adminUrl: "https://x.projects.oryapis.com"}
organizations:
  - {id: 1, name: A, ory: true}
`;

test('at most one organization of a provider serves Ory', t => {
  const second = '  - {id: b, name: B, ory: true, onfido: {apiToken: {secret: ONFIDO_API_TOKEN}}}\n';
  assert.match(
    openWorkshop(t, served + second)
      .lines()
      .join('\n'),
    /organizations\[1\]\.ory: is true for organizations\[0\] too/,
  );
});

test('addresses for hooks that are not public are a mistake', t => {
  const lines = openWorkshop(t, `${served}ory: {hookAddresses: [10.0.0.0/8]}\n`).lines();
  assert.match(lines.join('\n'), /ory\.hookAddresses: is given, but the hooks are on the private/);
});

test('without a secret there are no hooks, and a warning says so', t => {
  const warned = (settings: string, env?: Record<string, string>) =>
    openWorkshop(t, settings).load(env).config.warnings.join('\n');
  assert.match(warned(served), /ORY_WEBHOOK_SECRET is missing/);
  assert.doesNotMatch(warned(served, ory), /ORY_WEBHOOK_SECRET/);
  assert.match(warned(served, { ORY_WEBHOOK_SECRET: 'short' }), /shorter than 16/);
  assert.match(
    warned(served.replace(', ory: true', ', countries: [CZ]'), ory),
    /no organization has ory: true/,
  );
  assert.match(
    warned(`${served}ory: {hooks: public}\n`.replace('cloudflared', 'direct'), ory),
    /self-signed/,
  );
});

test('the public address of Kratos is the admin one on the Ory Network only', t => {
  const publicUrl = (settings: string) => openWorkshop(t, settings).load(ory).config.kratos?.publicUrl;
  assert.equal(publicUrl(served), 'https://x.projects.oryapis.com');
  assert.equal(
    publicUrl(served.replace('https://x.projects.oryapis.com', 'http://127.0.0.1:4434')),
    undefined,
  );
  assert.equal(
    publicUrl(
      served.replace('https://x.projects.oryapis.com', 'https://evil.projects.oryapis.com.example.net'),
    ),
    undefined,
  );
});

test('no secret of the hooks is shown', t => {
  const { origins } = openWorkshop(t, served).load(ory);
  const text = JSON.stringify(origins);
  assert.ok(!text.includes(ory.ORY_WEBHOOK_SECRET) && !text.includes(secrets.ONFIDO_API_TOKEN));
  assert.match(text, /ory\.webhookSecrets/);
});

test('beside files of the operator’s own a missing settings file stops the start', t => {
  const workshop = openWorkshop(t).emptied();
  workshop.write('config/hostname.example', 'kyc.example.org\n');
  workshop.write('config/gatehouse.example.yaml', 'organizations: []\n');
  assert.deepEqual(workshop.lines(ory), []);
  workshop.write('config/gatehouse.yml', 'ory: {gate: approved}\n');
  workshop.write('config/hostname', 'kyc.example.net\n');
  assert.match(
    workshop.lines(ory).join('\n'),
    /^config\/gatehouse.yaml: is missing, but its folder has gatehouse.yml and hostname; run `npx gatehouse init`.*GATEHOUSE_HOSTNAME/,
  );
});
