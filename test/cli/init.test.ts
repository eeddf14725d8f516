import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { command } from '../../src/cli/init.js';
import { environmentWithDotenv } from '../../src/config/dotenv.js';
import { loadConfig } from '../../src/config/load.js';
import { onfidoOf, openWorkshop } from '../config/workshop.js';
import { runInTerminal } from './terminal.js';

const emptyFolder = (t: TestContext) => openWorkshop(t).emptied().dir;
const needed = ['--hostname', 'kyc.example.net', '--name', 'Prague: Coins & "Co"', '--country', 'cz, SK'];

function load(dir: string, env: Record<string, string>) {
  return loadConfig({ env: environmentWithDotenv({ env, cwd: dir }), cwd: dir });
}

test('what init writes loads once the secrets are set', async t => {
  const dir = emptyFolder(t);
  const { code, stdout, stderr } = await runInTerminal(command, needed, { cwd: dir });
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^Written:\n {2}config\/gatehouse\.yaml\n {2}config\/hostname\n {2}\.env\n\nNext:\n {2}1\. Put ONFIDO_API_TOKEN into \.env/,
  );
  assert.throws(() => load(dir, {}), /needs the secret ONFIDO_API_TOKEN, which is missing/);
  const { config, origins } = load(dir, { ONFIDO_API_TOKEN: 'api_live.x' });
  assert.equal(config.hostname, 'kyc.example.net');
  assert.equal(config.masterKey.length, 32);
  const [organization] = config.organizations;
  assert.equal(organization?.name, 'Prague: Coins & "Co"');
  assert.deepEqual(organization?.countries, ['CZ', 'SK']);
  assert.equal(organization?.id, '1');
  assert.equal(organization?.autoRegistration, false);
  assert.ok(!stdout.includes(config.masterKey.toString('base64')), 'the master key is printed');
  assert.ok(origins.length > 30);
});

test('every flag arrives', async t => {
  const dir = emptyFolder(t);
  const flags = [
    '--organization',
    '007',
    '--region',
    'us',
    '--language',
    'cs',
    '--sms',
    'twilio',
    '--front',
    'nginx',
    '--provider',
    'onfido',
    '-y',
  ];
  const { code, stdout } = await runInTerminal(command, [...needed, ...flags], { cwd: dir });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /Put ONFIDO_API_TOKEN_007, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM into \.env/,
  );
  assert.match(stdout, /deploy\/nginx/);
  const { config } = load(dir, {
    ONFIDO_API_TOKEN_007: 'api_live.x',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'x',
    TWILIO_FROM: '+420700000000',
  });
  const organization = config.organizations[0]!;
  assert.deepEqual([organization.id, onfidoOf(config).region, organization.language], ['007', 'US', 'cs']);
  assert.deepEqual([config.sms.vendor, config.front], ['twilio', 'nginx']);
  assert.equal(config.urls.webhook, 'https://kyc.example.net:8743');
});

test('the comments of the example are kept', async t => {
  const dir = emptyFolder(t);
  await runInTerminal(command, needed, { cwd: dir });
  const written = readFileSync(join(dir, 'config/gatehouse.yaml'), 'utf8').split('\n');
  const example = readFileSync(
    new URL('../../../config/gatehouse.example.yaml', import.meta.url),
    'utf8',
  ).split('\n');
  const changed = example.filter((line, index) => line !== written[index]).map(line => line.trim());
  assert.deepEqual(changed, ['name: Example Coins', 'countries: [CZ]']);
  assert.equal(written.length, example.length);
});

test('the file with the master key is for its user only, and each key is new', async t => {
  const keys = new Set<string>();
  for (const _ of [1, 2]) {
    const dir = emptyFolder(t);
    await runInTerminal(command, needed, { cwd: dir });
    assert.equal(statSync(join(dir, '.env')).mode & 0o777, 0o600);
    keys.add(/^GATEHOUSE_MASTER_KEY=(\S{44})$/m.exec(readFileSync(join(dir, '.env'), 'utf8'))?.[1] ?? '');
  }
  assert.equal(keys.size, 2);
});

test('with --credentials the key is a credential file and no .env is written', async t => {
  const dir = emptyFolder(t);
  const { code } = await runInTerminal(command, [...needed, '--credentials', 'secret'], { cwd: dir });
  assert.equal(code, 0);
  assert.equal(existsSync(join(dir, '.env')), false);
  assert.equal(statSync(join(dir, 'secret')).mode & 0o777, 0o700);
  assert.equal(statSync(join(dir, 'secret/GATEHOUSE_MASTER_KEY')).mode & 0o777, 0o600);
  const { origins } = load(dir, { CREDENTIALS_DIRECTORY: join(dir, 'secret'), ONFIDO_API_TOKEN: 'x' });
  assert.equal(
    origins.find(({ key }) => key === 'GATEHOUSE_MASTER_KEY')?.origin,
    'credential GATEHOUSE_MASTER_KEY',
  );
});

test('--dir chooses the project folder, GATEHOUSE_CONFIG_DIR the configuration folder', async t => {
  const dir = emptyFolder(t);
  await runInTerminal(command, [...needed, '--dir', 'box'], {
    cwd: dir,
    env: { GATEHOUSE_CONFIG_DIR: 'elsewhere' },
  });
  assert.deepEqual(readdirSync(join(dir, 'box')).sort(), ['.env', 'config']);
  await runInTerminal(command, needed, { cwd: dir, env: { GATEHOUSE_CONFIG_DIR: 'elsewhere' } });
  assert.deepEqual(readdirSync(dir).sort(), ['.env', 'box', 'elsewhere']);
});

test('nothing that exists is overwritten, and nothing else is written then', async t => {
  for (const existing of ['config/gatehouse.yaml', 'config/hostname', '.env']) {
    const workshop = openWorkshop(t).emptied();
    workshop.write(existing, 'mine');
    const { code, stderr, stdout } = await runInTerminal(command, needed, { cwd: workshop.dir, typed: [] });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`nothing was written.*\\n  ${existing.replace('.', '\\.')}\\n`));
    assert.equal(readFileSync(join(workshop.dir, existing), 'utf8'), 'mine');
    const files = readdirSync(workshop.dir, { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    );
    assert.equal(files.length, 1);
  }
});

test('a folder that is a file fails and leaves nothing behind', async t => {
  const workshop = openWorkshop(t).emptied();
  workshop.write('file', '');
  const { code, stderr } = await runInTerminal(command, [...needed, '--credentials', 'file/x'], {
    cwd: workshop.dir,
  });
  assert.equal(code, 1);
  assert.match(stderr, /^gatehouse init failed: ENOTDIR/);
  assert.equal(existsSync(join(workshop.dir, 'config/gatehouse.yaml')), false);
  assert.equal(existsSync(join(workshop.dir, 'config/hostname')), false);
});

test('without a terminal the flags without default must be given, all named at once', async t => {
  const dir = emptyFolder(t);
  const { code, stderr } = await runInTerminal(command, ['--region', 'EU'], { cwd: dir });
  assert.equal(code, 2);
  assert.match(stderr, /needs --hostname, --name, --country, since nobody can be asked/);
  assert.deepEqual(readdirSync(dir), []);
  assert.equal((await runInTerminal(command, ['--yes'], { cwd: dir, typed: ['kyc.example.net'] })).code, 2);
});

test('wrong flags are told all at once and nothing is written', async t => {
  const dir = emptyFolder(t);
  const flags = [
    '--hostname',
    'https://x',
    '--region',
    'XX',
    '--country',
    'CZ,QQ',
    '--sms',
    'twillio',
    '--name',
    'A',
  ];
  const { code, stderr } = await runInTerminal(command, flags, { cwd: dir });
  assert.equal(code, 2);
  for (const part of [
    '--hostname begins with a scheme',
    '--region is not one of EU, US or CA',
    '--country is not a country',
    '--sms is not one of console or twilio; did you mean twilio?',
  ])
    assert.ok(stderr.includes(part), part);
  assert.deepEqual(readdirSync(dir), []);
});

test('at a terminal it asks for what no flag has said, again after a wrong answer', async t => {
  const dir = emptyFolder(t);
  const typed = ['kyc', 'kyc.example.net', 'Example Coins', '', 'CZ SK', '', 'ca', '', 'twilio'];
  const { code, stdout } = await runInTerminal(command, ['--front', 'cloudflared'], { cwd: dir, typed });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /Public name of this machine .*That is not a full name: it has no dot; .*\n.*Public name/s,
  );
  assert.doesNotMatch(stdout, /In front of this machine/);
  const yaml = readFileSync(join(dir, 'config/gatehouse.yaml'), 'utf8');
  for (const line of [
    'front: cloudflared',
    '  vendor: twilio',
    '    id: 1',
    '    countries: [CZ, SK]',
    '      region: CA',
    '    language: en',
  ])
    assert.ok(yaml.includes(`\n${line}\n`), line);
});

test('leaving before the last question writes nothing', async t => {
  const dir = emptyFolder(t);
  const { code, stderr } = await runInTerminal(command, [], {
    cwd: dir,
    typed: ['kyc.example.net', 'Example'],
  });
  assert.equal(code, 2);
  assert.match(stderr, /nothing was written/);
  assert.deepEqual(readdirSync(dir), []);
});
