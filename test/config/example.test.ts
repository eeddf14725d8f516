import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { noticeKinds } from '../../src/config/config.js';
import { parseProperties } from '../../src/config/properties.js';
import { readSettings } from '../../src/config/read-settings.js';
import { settingsSchema } from '../../src/config/schema.js';
import { allKeys } from '../../src/config/schema-keys.js';
import { parseYamlFile } from '../../src/config/yaml-file.js';
import { openWorkshop, secrets } from './workshop.js';

const exampleFile = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const example = exampleFile('config/gatehouse.example.yaml');

/** Prose begins with `# `; a setting with `#` alone. */
const uncommented = example.replaceAll(/^(\s*)#(?! \S|$)/gm, '$1');

function dataOf(text: string): Record<string, unknown> {
  const file = parseYamlFile(text);
  assert.ok(!('faults' in file), JSON.stringify(file));
  return file.data as Record<string, unknown>;
}

function keysIn(node: unknown, prefix = ''): string[] {
  if (Array.isArray(node)) return node.flatMap(entry => keysIn(entry, `${prefix}[]`));
  if (typeof node !== 'object' || node === null || 'secret' in node) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...keysIn(value, path)];
  });
}

test('the example loads as it stands', t => {
  const workshop = openWorkshop(t, example);
  workshop.write('config/hostname', exampleFile('config/hostname.example'));
  workshop.write('config/onfido', exampleFile('config/onfido.example'));
  const { config } = workshop.load();
  assert.equal(config.hostname, 'kyc.example.net');
  assert.equal(config.kratos, undefined);
});

test('the example with every comment opened holds valid values only', () => {
  assert.deepEqual(readSettings(dataOf(uncommented)).findings, []);
});

test('the example names every key there is, and no other', () => {
  assert.deepEqual([...new Set(keysIn(dataOf(uncommented)))].sort(), allKeys(settingsSchema).sort());
});

test('what the example shows as a default is the default', () => {
  const shown = readSettings(dataOf(uncommented)).settings!;
  const defaults = readSettings({ organizations: [{}] }).settings!;
  const examples = ['trustedProxies', 'countries'];
  const compare = (actual: unknown, expected: unknown, path: string): void => {
    if (expected === undefined || examples.some(key => path.endsWith(key))) return;
    if (typeof expected === 'object' && !Array.isArray(expected)) {
      for (const [key, value] of Object.entries(expected as object))
        compare((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    } else assert.deepEqual(actual, expected, path);
  };
  const { organizations: shownOrganizations, ...shownRest } = shown;
  const { organizations, ...rest } = defaults;
  compare(shownRest, rest, '');
  compare(shownOrganizations[0], organizations[0], 'organization');
});

test('the example has a text for each kind of notice', () => {
  const [organization] = dataOf(uncommented).organizations as { texts: object }[];
  assert.deepEqual(Object.keys(organization!.texts).sort(), [...noticeKinds].sort());
});

test('the CAS-style example has nothing in force and every key in comments', () => {
  const text = exampleFile('config/onfido.example');
  assert.deepEqual(parseProperties(text), []);
  assert.deepEqual(
    parseProperties(text.replaceAll(/^#(?! |$)/gm, '')).map(({ key }) => key),
    ['webhook.onfido', 'webhook.verificationSite'],
  );
});

test('the example of .env sets nothing and names what the loader looks for', t => {
  const text = exampleFile('.env.example');
  assert.doesNotMatch(text, /^[^#\n]/m);
  const names = [...text.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name!);
  for (const name of Object.keys(secrets)) assert.ok(names.includes(name), name);
  const looked = new Set<string>();
  const env = new Proxy({} as Record<string, string>, {
    get(_target, name) {
      looked.add(String(name));
      return (
        {
          ...secrets,
          KRATOS_ADMIN_URL: 'http://127.0.0.1:1',
          TWILIO_AUTH_TOKEN: 'x',
          TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
          TWILIO_FROM: '+420700000000',
          JUMIO_CLIENT_ID: 'id',
          JUMIO_CLIENT_SECRET: 'secret',
          PERSONA_API_KEY: 'key',
          PERSONA_TEMPLATE_ID: 'itmpl_1',
        } as Record<string, string>
      )[String(name)];
    },
    ownKeys: () => [],
  });
  const workshop = openWorkshop(
    t,
    `sms: {vendor: twilio}
organizations:
  - {id: 1, name: A, countries: [CZ]}
  - {id: b, name: B, countries: [CZ], provider: jumio}
  - {id: c, name: C, countries: [CZ], provider: persona}
`,
  );
  const vendors = {
    JUMIO_CLIENT_ID: 'id',
    JUMIO_CLIENT_SECRET: 'secret',
    PERSONA_API_KEY: 'key',
    PERSONA_TEMPLATE_ID: 'itmpl_1',
  };
  assert.deepEqual(workshop.lines(vendors), [
    'config/gatehouse.yaml:1: sms.twilio.accountSid: is missing, but sms.vendor is twilio; write it, or set TWILIO_ACCOUNT_SID',
    'config/gatehouse.yaml:1: sms.twilio.from: is missing, but sms.vendor is twilio; write the sending number or messaging service id in quotes, or set TWILIO_FROM',
    'config/gatehouse.yaml:1: sms.twilio.authToken: needs the secret TWILIO_AUTH_TOKEN, which is missing; put it into the file $CREDENTIALS_DIRECTORY/TWILIO_AUTH_TOKEN, or a file named by TWILIO_AUTH_TOKEN_FILE, or the environment variable TWILIO_AUTH_TOKEN',
  ]);
  workshop.loadWith(env);
  for (const name of names) assert.ok(looked.has(name), `${name} is in the example but nobody looks for it`);
  for (const name of looked)
    assert.ok(
      names.includes(name) ||
        name.endsWith('_FILE') ||
        name === 'CREDENTIALS_DIRECTORY' ||
        name === 'ORY_WEBHOOK_SECRET',
      `${name} is looked for but not in the example`,
    );
});
