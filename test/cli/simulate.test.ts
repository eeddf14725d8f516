import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openSandbox, type Sandbox } from '../../src/cli/demo/sandbox.js';
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { command } from '../../src/cli/simulate.js';
import { outcomes, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { freePort, isFree } from '../support/free-port.js';
import { runInTerminal } from './terminal.js';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'simulate-test-'));
const masterKey = Buffer.from('simulate tests need 32 bytes ok!').toString('base64');
let sandbox: Sandbox;

before(async () => {
  sandbox = await openSandbox({ port: 0, completeAfterMs: 20 });
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function flags(organization = '1'): string[] {
  return [
    '--gateway',
    sandbox.kioskUrl,
    '--key',
    sandbox.keys.get(organization) ?? '',
    '--onfido',
    sandbox.onfido.origin,
    '--ca',
    sandbox.certificate,
  ];
}

const simulate = (...argv: string[]) => runInTerminal(command, argv, { cwd: folder });

/** An installation that is only there to be read. */
function writeInstallation(name: string, yaml: string, env: Record<string, string>) {
  const cwd = join(folder, name);
  mkdirSync(join(cwd, 'config'), { recursive: true });
  writeFileSync(join(cwd, 'config', 'hostname'), 'kyc.example.net\n');
  writeFileSync(join(cwd, 'config', 'gatehouse.yaml'), yaml);
  return { cwd, env: { GATEHOUSE_MASTER_KEY: masterKey, ONFIDO_API_TOKEN: 'api_live.x', ...env } };
}

const organization = 'organizations: [{id: 1, name: Test Coins, countries: [CZ], autoRegistration: true}]\n';

test('a customer is driven from the kiosk to the result', async () => {
  const argv = [
    'customer',
    'clear',
    '--phone',
    '+420 603 000 001',
    ...flags(),
    '--twilio',
    sandbox.twilio.url,
  ];
  const seen = await simulate(...argv);
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /result +CLEAR\n/);
  assert.match(seen.stdout, /identity +registered\n/);
  assert.match(seen.stdout, /texts +link \(\w+\), registered \(\w+\)/);
  assert.equal(sandbox.twilio.messagesTo('+420603000001').length, 2);
});

test('the word customer may be left out, and JSON is printed', async () => {
  const argv = ['caution', '--phone', '+420603000002', ...flags(), '--twilio', sandbox.twilio.url, '--json'];
  const seen = await simulate(...argv);
  assert.equal(seen.code, 0, seen.stderr);
  const { result, status, identityStatus } = JSON.parse(seen.stdout) as Record<string, string>;
  assert.deepEqual([result, status, identityStatus], ['CAUTION', 'in_review', 'awaiting_registration']);
});

test('another attempt is an answer too', async () => {
  const rejected = 'rejected-image-integrity';
  const argv = [rejected, '--phone', '+420603000003', ...flags('4'), '--twilio', sandbox.twilio.url];
  const seen = await simulate(...argv);
  assert.match(seen.stdout, /result +RESUBMISSION_REQUESTED\n/);
});

test('without a simulated Twilio no text is sent and the kiosk’s link is used', async () => {
  const seen = await simulate('clear', '--phone', '+420603000004', ...flags());
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /the kiosk’s link it is/);
  assert.match(seen.stdout, /identity +registered\n/);
  assert.equal(sandbox.twilio.messagesTo('+420603000004').length, 0);
});

test('a number that has a registration, and a key that is none, end with the reason', async () => {
  const known = await simulate('clear', '--phone', '+420603000001', ...flags());
  assert.equal(known.code, 1);
  assert.match(known.stderr, /has a registration already, which is decided \(identity registered\)/);
  const [gateway, url = '', ...rest] = flags();
  const foreign = await simulate(
    ...['clear', '--phone', '+420603000005', gateway ?? '', url, '--key', 'gh_kiosk_nobody'],
    ...rest.slice(2),
  );
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /the kiosk API refuses \(401\)/);
});

test('nothing beyond this machine is ever called', async () => {
  for (const flag of ['--gateway', '--onfido', '--twilio', '--site']) {
    const seen = await simulate(
      'clear',
      '--phone',
      '+420603000006',
      ...flags(),
      flag,
      'https://api.eu.onfido.com',
    );
    assert.equal(seen.code, 2, flag);
    assert.match(
      seen.stderr,
      new RegExp(`${flag} leads to api\\.eu\\.onfido\\.com, which is not this machine`),
    );
  }
  assert.equal(sandbox.twilio.messagesTo('+420603000006').length, 0);
});

test('an installation with a real provider is refused before anything is asked of it', async () => {
  const installation = writeInstallation('real', organization, {});
  const argv = ['clear', '--phone', '+420603000007', '--key', 'k'];
  const seen = await runInTerminal(command, argv, installation);
  assert.equal(seen.code, 2);
  assert.match(
    seen.stderr,
    /the provider of this installation is api\.eu\.onfido\.com, which is not simulated/,
  );
  const gateway = ['--gateway', sandbox.kioskUrl];
  const half = await runInTerminal(command, [...argv, ...gateway], installation);
  assert.match(half.stderr, /which is not simulated/);
});

test('a place that is no simulator, or one that no gateway uses, is refused', async () => {
  const at = (onfido: string) => [
    'clear',
    '--phone',
    '+420603000008',
    ...flags().filter(
      (_, place, all) => place !== all.indexOf('--onfido') && place !== all.indexOf('--onfido') + 1,
    ),
    '--onfido',
    onfido,
  ];
  const gateway = await simulate(...at(sandbox.kioskUrl));
  assert.equal(gateway.code, 1);
  assert.match(gateway.stderr, /is not the simulated Onfido/);
  const unused = await startOnfidoSimulator();
  const seen = await simulate(...at(unused.origin));
  await unused.close();
  assert.equal(seen.code, 1);
  assert.match(seen.stderr, /no gateway has registered its webhook/);
  const gone = await simulate(...at(unused.origin));
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /no connection.*is it running\?/);
});

test('wrong use is told', async () => {
  for (const [argv, complaint] of [
    [[], /say what to do/],
    [['clear', 'clear'], /say what to do/],
    [['customer'], /say what to do/],
    [['cler'], /there is no outcome "cler"; did you mean clear\?/],
    [['clear'], /--phone NUMBER is needed/],
    [['clear', '--phone', '601000001', '--key', 'k'], /--phone NUMBER is needed/],
    [['clear', '--phone', '+420601000001'], /--key KEY is missing/],
    [['clear', '--phone', '+420601000001', '--key', 'k'], /say where the sandbox is with --gateway URL/],
    [['serve', '--site', 'https://kyc.example.net'], /--site is the public listener on this machine/],
    [['serve', '--onfido-port', 'x'], /--onfido-port is a number/],
  ] as const) {
    const seen = await simulate(...argv);
    assert.equal(seen.code, 2, argv.join(' '));
    assert.match(seen.stderr, complaint);
  }
});

test('outcomes are listed', async () => {
  const seen = await simulate('outcomes');
  assert.equal(seen.code, 0);
  for (const name of Object.keys(outcomes)) assert.match(seen.stdout, new RegExp(`^${name} `, 'm'));
});

// Processes of their own, as an operator would start them.

const patienceMs = 60_000;

function startChild(argv: string[], cwd: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'pipe',
    // none outlives its test, whatever becomes of that
    timeout: 2 * patienceMs,
    killSignal: 'SIGKILL',
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (text += String(data)));
  return { child, output: () => text };
}

async function says({ child, output }: ReturnType<typeof startChild>, words: string): Promise<string> {
  const signal = AbortSignal.timeout(patienceMs);
  while (!output().includes(words)) {
    assert.equal(child.exitCode, null, output());
    const something = [once(child.stdout, 'data', { signal }), once(child, 'exit', { signal })];
    await Promise.race(something).catch(() => assert.fail(`never said "${words}", but: ${output()}`));
  }
  return output();
}

async function stop(child: ChildProcess): Promise<void> {
  // one that ended already says so no more
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

test('a gateway of its own is led to served simulators by the printed settings, and customers walk through', async () => {
  const [publicPort, privatePort] = [await freePort(), await freePort()];
  const listeners = `listeners: {public: {host: 127.0.0.1, port: ${publicPort}}, private: {port: ${privatePort}}}\n`;
  const yaml = `${organization}${listeners}allowUnofficialHosts: true\nsms: {vendor: twilio}\n`;
  const { cwd, env } = writeInstallation('sandbox', yaml, {});
  const places = [
    '--onfido-port=0',
    '--twilio-port=0',
    '--kratos-port=0',
    `--site=https://127.0.0.1:${publicPort}`,
  ];
  const vendors = startChild(['simulate', 'serve', ...places], cwd, {});
  const children = [vendors];
  try {
    const printed = await says(vendors, 'Text messages appear below');
    const settings = Object.fromEntries(
      [...printed.matchAll(/^([A-Z_]+)=(\S+)$/gm)].map(([, key, value]) => [key, value]),
    );
    const all = { ...env, ...(settings as Record<string, string>) };
    const gateway = startChild(['start'], cwd, all);
    children.unshift(gateway);
    await says(gateway, 'gatehouse is ready');
    const argv = ['add', 'test', '--organization', '1', '--json'];
    const { key } = JSON.parse((await runInTerminal(kioskCommand, argv, { cwd, env: all })).stdout) as {
      key: string;
    };
    const customer = ['clear', '--phone', '+420601000001', '--key', key];
    const seen = await runInTerminal(command, customer, { cwd, env: all });
    assert.equal(seen.code, 0, `${seen.stderr}\n${gateway.output()}`);
    assert.match(seen.stdout, /result +CLEAR\n/);
    assert.match(seen.stdout, /identity +registered\n/);
    await says(vendors, 'to +420601000001: Test Coins: your identity is verified.');
  } finally {
    for (const { child } of children) await stop(child);
  }
  for (const { child, output } of children) assert.equal(child.exitCode, 0, output());
});

test('a port that is taken is named with the flag that changes it', async () => {
  const { port } = new URL(sandbox.onfido.origin);
  const seen = await simulate('serve', '--onfido-port', port, '--twilio-port', '0', '--kratos-port', '0');
  assert.equal(seen.code, 1);
  assert.match(seen.stderr, new RegExp(`port ${port} is taken: choose another one with --onfido-port N`));
});

test('Kratos needs two ports: when the second is taken it is that one that is named, and the first is let go', async () => {
  const admin = (await freePort()) - 1;
  const other = await startOnfidoSimulator({ port: admin + 1 });
  const ports = ['--onfido-port', '0', '--twilio-port', '0', '--kratos-port', String(admin)];
  const seen = await simulate('serve', ...ports);
  assert.equal(seen.code, 1);
  const complaint = `port ${admin + 1} is taken: choose another one with --kratos-port N; it needs N and the next one`;
  assert.ok(seen.stderr.includes(complaint), seen.stderr);
  assert.equal(await isFree(admin), true);
  await other.close();
});
