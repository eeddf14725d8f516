import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from '../../src/cli/config.js';
import { openWorkshop, secrets, shortest } from '../config/workshop.js';
import { runInTerminal } from './terminal.js';

test('the table shows each value in force and where it came from, without secrets', async t => {
  const { dir } = openWorkshop(t);
  const seen = await runInTerminal(command, [], { cwd: dir, env: { ...secrets, PORT: '4001' } });
  assert.equal(seen.code, 0);
  const rows = seen.stdout
    .trimEnd()
    .split('\n')
    .map(line => line.split(/ {2,}/));
  const row = (key: string) => rows.find(cells => cells[0] === key)?.slice(1);
  assert.deepEqual(row('hostname'), ['kyc.example.net', 'config/hostname']);
  assert.deepEqual(row('GATEHOUSE_MASTER_KEY'), ['set, 64 characters', 'environment GATEHOUSE_MASTER_KEY']);
  assert.deepEqual(row('listeners.private.port'), ['4001', 'environment PORT']);
  assert.deepEqual(row('times.link'), ['1h30m', 'default']);
  assert.deepEqual(row('limits.deliverySize'), ['1MiB', 'default']);
  assert.deepEqual(row('site.publicUrl'), ['https://kyc.example.net', 'follows from hostname']);
  assert.deepEqual(row('organizations[0].name'), ['Example Coins', 'config/gatehouse.yaml:3']);
  assert.deepEqual(row('organizations[0].onfido.apiToken'), [
    'set, 53 characters',
    'environment ONFIDO_API_TOKEN',
  ]);
  for (const secret of Object.values(secrets)) assert.ok(!`${seen.stdout}${seen.stderr}`.includes(secret));
  assert.match(seen.stderr, /^warning: front is direct and the certificate self-signed/);
});

test('the columns are aligned', async t => {
  const { dir } = openWorkshop(t);
  const { stdout } = await runInTerminal(command, [], { cwd: dir, env: secrets });
  const starts = stdout
    .trimEnd()
    .split('\n')
    .filter(line => !line.includes(dir))
    .map(line => line.search(/\S+$|(?:environment|config|follows) .*$/));
  assert.ok(new Set(starts.filter(start => start > 60)).size <= 3);
});

test('colours are for terminals, and NO_COLOR turns them off', async t => {
  const { dir } = openWorkshop(t);
  const colourful = async (colours: boolean, env = {}) =>
    (await runInTerminal(command, [], { cwd: dir, env: { ...secrets, ...env }, colours })).stdout.includes(
      '\u001b[',
    );
  assert.equal(await colourful(true), true);
  assert.equal(await colourful(false), false);
  assert.equal(await colourful(true, { NO_COLOR: '1' }), false);
});

test('--json gives the same for programs', async t => {
  const { dir } = openWorkshop(t);
  const { code, stdout } = await runInTerminal(command, ['--json'], { cwd: dir, env: secrets });
  assert.equal(code, 0);
  const { values, warnings } = JSON.parse(stdout);
  assert.deepEqual(
    values.find(({ key }: { key: string }) => key === 'organizations[0].onfido.apiToken'),
    {
      key: 'organizations[0].onfido.apiToken',
      value: 'set, 53 characters',
      secret: true,
      origin: 'environment ONFIDO_API_TOKEN',
    },
  );
  assert.equal(warnings.length, 2);
});

test('a configuration that cannot be used ends with 1 and a line for each problem', async t => {
  const { dir } = openWorkshop(t, `front: x\nlog: {level: loud}\n${shortest}`);
  const seen = await runInTerminal(command, [], { cwd: dir, env: secrets });
  assert.equal(seen.code, 1);
  assert.equal(seen.stdout, '');
  assert.equal(
    seen.stderr,
    `The configuration has 2 problems:
config/gatehouse.yaml:1: front: is not one of direct, nginx or cloudflared; write direct, nginx or cloudflared
config/gatehouse.yaml:2: log.level: is not one of debug, info, warn or error; write debug, info, warn or error
`,
  );
  const json = await runInTerminal(command, ['--json'], { cwd: dir, env: secrets });
  assert.equal(json.code, 1);
  assert.deepEqual(JSON.parse(json.stdout).problems[0].key, 'front');
});

test('it takes no words', async t => {
  assert.equal((await runInTerminal(command, ['show'], { cwd: openWorkshop(t).dir, env: secrets })).code, 2);
});
