import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, JumioSettings } from '../../src/config/config.js';
import { openWorkshop, shortest } from './workshop.js';

const secrets = { JUMIO_CLIENT_ID: 'client', JUMIO_CLIENT_SECRET: 'Kx82-client-secret' };
const withJumio = `${shortest}    provider: jumio\n`;

function jumioOf(config: Config, index = 0): JumioSettings {
  const provider = config.organizations[index]?.provider;
  assert.ok(provider?.provider === 'jumio');
  return provider;
}

test('the vendor’s plain names are enough, and the token’s URL follows from the base', t => {
  const { config } = openWorkshop(t, withJumio).load({
    ...secrets,
    ONFIDO_API_TOKEN: undefined,
    JUMIO_API_BASE_URL: 'https://api.amer-1.jumio.ai/api/v1/',
    JUMIO_WORKFLOW_KEY: '10163',
    JUMIO_CALLBACK_SECRET: 'signed-by-a-proxy',
  });
  const { trust: _trust, userAgent: _agent, ...settings } = jumioOf(config);
  assert.deepEqual(settings, {
    provider: 'jumio',
    authUrl: 'https://auth.amer-1.jumio.ai/oauth2/token',
    apiBase: 'https://api.amer-1.jumio.ai/api/v1',
    clientId: 'client',
    clientSecret: 'Kx82-client-secret',
    workflowKey: '10163',
    webhookTokens: ['signed-by-a-proxy'],
    callbackAddresses: [],
    publicUrl: 'https://kyc.example.net',
    strictFace: false,
    trustApproved: false,
  });
});

test('the plain names belong to the first organization with Jumio where organization 1 has another provider', t => {
  const settings = `${shortest}  - {id: b, name: B, countries: [CZ], provider: jumio}\n  - {id: c, name: C, countries: [CZ], provider: jumio, jumio: {clientId: {secret: C_ID}, clientSecret: {secret: C_SECRET}}}\n`;
  const { config } = openWorkshop(t, settings).load({
    ...secrets,
    C_ID: 'c',
    C_SECRET: 'cc',
    JUMIO_API_BASE_URL: 'https://account.apac-1.jumio.ai/api/v1',
  });
  assert.deepEqual(
    [1, 2].map(index => [jumioOf(config, index).clientId, jumioOf(config, index).authUrl]),
    [
      ['client', 'https://auth.apac-1.jumio.ai/oauth2/token'],
      ['c', 'https://auth.emea-1.jumio.ai/oauth2/token'],
    ],
  );
});

test('with no organization for it a name of Jumio’s is said to be idle', t => {
  const { config } = openWorkshop(t).load({ JUMIO_WORKFLOW_KEY: '10011' });
  assert.ok(config.warnings.some(text => /^JUMIO_WORKFLOW_KEY is set but not used/.test(text)));
});

test('a missing secret of the provider in use is asked for, one of another is not', t => {
  const lines = openWorkshop(t, withJumio).lines({ ONFIDO_API_TOKEN: undefined });
  assert.deepEqual(
    lines.map(line => line.split(';')[0]),
    ['clientId', 'clientSecret'].map(
      (key, index) =>
        `config/gatehouse.yaml:2: organizations[0].jumio.${key}: needs the secret ${Object.keys(secrets)[index]}, which is missing`,
    ),
  );
});

const mistakes: [string, string, RegExp][] = [
  ['{apiBase: "https://jumio.example.net/api/v1"}', '', /jumio.apiBase: is outside jumio.ai/],
  ['{apiBase: "http://127.0.0.1:4020/api/v1"}', 'allowUnofficialHosts: true\n', /jumio.authUrl: is missing/],
  ['{authUrl: "https://auth.example.net/token"}', '', /jumio.authUrl: is outside jumio.ai/],
  ['{publicUrl: "https://kyc.example.net:8443"}', '', /jumio.publicUrl: has a port, which Jumio refuses/],
  ['{publicUrl: "https://203.0.113.9"}', '', /jumio.publicUrl: is an address, which Jumio refuses/],
  ['{publicUrl: "http://kyc.example.net"}', '', /jumio.publicUrl: is plain http/],
  ['{workflowKey: "a b"}', '', /jumio.workflowKey: is not the key of a workflow/],
  ['{callbackAddresses: [0.0.0.0/0]}', '', /jumio.callbackAddresses\[0\]: is everybody/],
  ['{userAgent: node}', '', /jumio.userAgent: is not a company and an application/],
  ['{clientSecret: Kx82-client-secret}', '', /jumio.clientSecret: holds a value where the name of a secret/],
];

for (const [section, before, message] of mistakes)
  test(`jumio: ${section} is a mistake`, t => {
    const lines = openWorkshop(t, `${before}${withJumio}    jumio: ${section}\n`).lines(secrets);
    assert.match(lines.join('\n'), message);
    assert.ok(!lines.join('\n').includes('Kx82'));
  });

test('an external verification site has no place with Jumio', t => {
  const lines = openWorkshop(t, `${withJumio}    verificationSite: https://site.example.net\n`).lines(
    secrets,
  );
  assert.match(lines.join('\n'), /verificationSite: is external, but Jumio has a page of its own/);
});

test('with a port in the public URL Jumio is told none and the start says so, unless it has a URL of its own', t => {
  const port = 'site: {publicUrl: "https://kyc.example.net:8443"}\n';
  const told = (section: string) => {
    const { config } = openWorkshop(t, `${port}${withJumio}${section}`).load(secrets);
    return [jumioOf(config).publicUrl, config.warnings.some(text => text.includes('Jumio takes only https'))];
  };
  assert.deepEqual(told(''), [undefined, true]);
  assert.deepEqual(told('    jumio: {publicUrl: "https://id.example.net"}\n'), [
    'https://id.example.net',
    false,
  ]);
});

test('what is in force shows the provider’s own section alone, and no secret', t => {
  const { origins } = openWorkshop(t, withJumio).load({ ...secrets, ONFIDO_API_TOKEN: undefined });
  const keys = origins.map(({ key }) => key);
  assert.ok(keys.includes('organizations[0].jumio.authUrl'));
  assert.ok(!keys.some(key => key.startsWith('organizations[0].onfido')));
  assert.ok(!JSON.stringify(origins).includes('Kx82'));
});
