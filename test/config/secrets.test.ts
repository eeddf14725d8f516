import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../../src/config/problems.js';
import { settingsSchema } from '../../src/config/schema.js';
import { allKeys } from '../../src/config/schema-keys.js';
import { onfidoOf, openWorkshop, secrets, shortest } from './workshop.js';

const token = 'organizations[0].onfido.apiToken';
const missing = (name: string) =>
  `needs the secret ${name}, which is missing; put it into the file $CREDENTIALS_DIRECTORY/${name}, or a file named by ${name}_FILE, or the environment variable ${name}`;

test('a secret comes from the credentials folder before a named file before the environment', t => {
  const workshop = openWorkshop(t);
  const origin = (env: Record<string, string | undefined>) => {
    const { config, origins } = workshop.load({ ONFIDO_API_TOKEN: 'from-env', ...env });
    return [onfidoOf(config).apiToken, origins.find(row => row.key === token)?.origin];
  };
  assert.deepEqual(origin({}), ['from-env', 'environment ONFIDO_API_TOKEN']);
  workshop.write('run/token', 'from-file\n');
  const file = { ONFIDO_API_TOKEN_FILE: 'run/token' };
  assert.deepEqual(origin(file), ['from-file', 'file named by ONFIDO_API_TOKEN_FILE']);
  const folder = { CREDENTIALS_DIRECTORY: `${workshop.dir}/credentials` };
  assert.deepEqual(origin({ ...file, ...folder }), ['from-file', 'file named by ONFIDO_API_TOKEN_FILE']);
  workshop.write('credentials/ONFIDO_API_TOKEN', 'from-credential\r\n');
  assert.deepEqual(origin({ ...file, ...folder }), ['from-credential', 'credential ONFIDO_API_TOKEN']);
});

test('a missing secret names the three places it may be in', t => {
  assert.deepEqual(openWorkshop(t).lines({ ONFIDO_API_TOKEN: undefined }), [
    `config/gatehouse.yaml:2: ${token}: ${missing('ONFIDO_API_TOKEN')}`,
  ]);
  const named = `${shortest}    onfido:\n      apiToken: {secret: TOKEN_ACME}\n`;
  assert.deepEqual(openWorkshop(t, named).lines(), [
    `config/gatehouse.yaml:6: ${token}: ${missing('TOKEN_ACME')}`,
  ]);
});

test('a secret file that is named but unusable is refused, never passed over', t => {
  const workshop = openWorkshop(t);
  workshop.write('empty', '\n');
  workshop.write('two', 'one\ntwo\n');
  workshop.write('spaced', ' token\n');
  const line = (file: string) =>
    workshop.lines({ ONFIDO_API_TOKEN_FILE: file }).map(text => text.split(';')[0]);
  const start = `config/gatehouse.yaml:2: ${token}:`;
  const origin = 'file named by ONFIDO_API_TOKEN_FILE';
  assert.deepEqual(line('gone'), [`${start} cannot be read (ENOENT): ${origin}`]);
  assert.deepEqual(line('.'), [`${start} cannot be read (EISDIR): ${origin}`]);
  assert.deepEqual(line('empty'), [`${start} is empty: ${origin}`]);
  assert.deepEqual(line('two'), [`${start} has a line break or control character inside: ${origin}`]);
  assert.deepEqual(line('spaced'), [`${start} has spaces around it: ${origin}`]);
});

test('a secret written where its name belongs is refused and not repeated', t => {
  const written = (yaml: string) =>
    openWorkshop(t, `${shortest}    onfido:\n      apiToken: ${yaml}\n`)
      .lines()
      .map(text => text.split(';')[0]);
  const start = `config/gatehouse.yaml:6: ${token}:`;
  assert.deepEqual(written(secrets.ONFIDO_API_TOKEN), [
    `${start} holds a value where the name of a secret belongs`,
  ]);
  assert.deepEqual(written(`{secret: ${secrets.ONFIDO_API_TOKEN}}`), [
    `${start} does not name a secret by capital letters, digits and _`,
  ]);
  assert.deepEqual(written('{secret: ../../etc/passwd}'), [
    `${start} does not name a secret by capital letters, digits and _`,
  ]);
  assert.deepEqual(written(`{secret: A_B, value: ${secrets.ONFIDO_API_TOKEN}}`), [
    `${start} does not name a secret`,
  ]);
});

test('naming a secret in the file wins over the usual name in the environment', t => {
  const { config } = openWorkshop(t, `${shortest}    onfido: {apiToken: {secret: MINE}}\n`).load({
    MINE: 'mine',
  });
  assert.equal(onfidoOf(config).apiToken, 'mine');
});

test('the master key is 32 bytes in base64 or hex, and init is named when it is missing', t => {
  const workshop = openWorkshop(t);
  const bytes = Buffer.from(secrets.GATEHOUSE_MASTER_KEY, 'hex');
  for (const form of ['hex', 'base64', 'base64url'] as const)
    assert.deepEqual(workshop.load({ GATEHOUSE_MASTER_KEY: bytes.toString(form) }).config.masterKey, bytes);
  const wrong = (key: string | undefined) => workshop.lines({ GATEHOUSE_MASTER_KEY: key });
  const keep =
    'keep the key that `npx gatehouse init` made: 32 bytes as 64 hex digits or 44 characters of base64';
  const start = 'environment: GATEHOUSE_MASTER_KEY:';
  assert.match(
    wrong(undefined)[0] ?? '',
    /^environment: GATEHOUSE_MASTER_KEY: is missing; make one with `npx gatehouse init`/,
  );
  assert.deepEqual(wrong(bytes.subarray(1).toString('base64')), [
    `${start} has 31 bytes instead of 32; ${keep}`,
  ]);
  assert.deepEqual(wrong(bytes.subarray(16).toString('hex')), [
    `${start} has 16 bytes instead of 32; ${keep}`,
  ]);
  assert.deepEqual(wrong('not a key!'), [`${start} is neither base64 nor hex; ${keep}`]);
  assert.deepEqual(wrong('0'.repeat(64)), [`${start} is the same byte again and again; ${keep}`]);
});

/** Puts the text at the path of a settings tree with one organization that is otherwise in order. */
function planted(path: string, text: string): string {
  const root: Record<string, unknown> = { organizations: [{ id: '1', name: 'A', countries: ['CZ'] }] };
  const steps = path.replace('[]', '.0').split('.');
  let node = root;
  for (const step of steps.slice(0, -1)) {
    node[step] ??= {};
    node = node[step] as Record<string, unknown>;
  }
  node[steps.at(-1)!] = text;
  return JSON.stringify(root);
}

const secretText = fc.constantFrom(
  secrets.ONFIDO_API_TOKEN,
  'api_sandbox.aB3dE6gH9jK.qW8rT5yU2iO7pA4sD1fG6hJ9kL',
  'f3b1c9d8e7a6958473625140f1e2d3c4',
  'sk_live_51HqLyjWDarjtT1zdp7dc',
  `-----BEGIN KEY-----\n${'x'.repeat(40)}`,
);

test('whatever is written wherever, no error ever repeats it', t => {
  const workshop = openWorkshop(t);
  fc.assert(
    fc.property(
      fc.constantFrom(...allKeys(settingsSchema)),
      secretText,
      fc.boolean(),
      (path, secret, asKey) => {
        const place = asKey
          ? `${path.slice(0, path.lastIndexOf('.') + 1)}${secret.replaceAll('.', '')}`
          : path;
        const written = asKey ? secret.replaceAll('.', '') : secret;
        workshop.write('config/gatehouse.yaml', planted(place, secret));
        try {
          workshop.load();
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          for (const text of [
            String(error),
            error.message,
            JSON.stringify(error.problems),
            error.stack ?? '',
          ])
            assert.ok(!text.includes(written), `${place} is repeated`);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever the environment holds, no error ever repeats it', t => {
  const workshop = openWorkshop(t);
  const names = [
    'PORT',
    'ONFIDO_REGION',
    'ONFIDO_API_BASE',
    'ONFIDO_SDK_URL',
    'ONFIDO_WORKFLOW_ID',
    'TWILIO_ACCOUNT_SID',
    'TWILIO_FROM',
    'TWILIO_API_BASE',
    'KRATOS_ADMIN_URL',
    'GATEHOUSE_MASTER_KEY',
    'ONFIDO_API_TOKEN_FILE',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...names), secretText, (name, secret) => {
      const lines = workshop.lines({ [name]: secret });
      assert.ok(
        lines.every(line => !line.includes(secret)),
        name,
      );
    }),
    { numRuns: 100 },
  );
});

test('what is in force is shown without a character of any secret', t => {
  const workshop = openWorkshop(
    t,
    `sms: {vendor: twilio}\nkratos: {adminUrl: "https://ory.example.net"}\n${shortest}`,
  );
  const values = {
    TWILIO_ACCOUNT_SID: `AC${'7'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'Zx9vbQk4mWl2rDs8tYp0H',
    TWILIO_FROM: '+420700000000',
    ORY_API_KEY: 'q7Vb2nM4xKc9Zd1Lf6Hj8Ga5Sw',
    ONFIDO_WEBHOOK_TOKEN: 'uT3yR6eW9qP2oI5lK8jH1gF4',
  };
  const { config, origins } = workshop.load(values);
  const hidden = [
    ...Object.values(secrets),
    values.TWILIO_AUTH_TOKEN,
    values.ORY_API_KEY,
    values.ONFIDO_WEBHOOK_TOKEN,
  ];
  const shown = JSON.stringify([origins, config.warnings]);
  for (const secret of hidden)
    for (let at = 0; at + 6 <= secret.length; at++)
      assert.ok(!shown.includes(secret.slice(at, at + 6)), 'a part is shown');
  const masked = origins.filter(row => row.secret).map(row => [row.key, row.value]);
  assert.deepEqual(masked, [
    ['GATEHOUSE_MASTER_KEY', 'set, 64 characters'],
    ['sms.twilio.authToken', 'set, 21 characters'],
    ['kratos.apiKey', 'set, 26 characters'],
    [token, `set, ${secrets.ONFIDO_API_TOKEN.length} characters`],
    ['organizations[0].onfido.webhookTokens[0]', 'set, 24 characters'],
  ]);
});
