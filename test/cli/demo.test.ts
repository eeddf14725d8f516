import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { runCommand } from '../../src/cli/command.js';
import { cases } from '../../src/cli/demo/cases.js';
import { runScript } from '../../src/cli/demo/run-script.js';
import { command } from '../../src/cli/demo.js';
import { results } from '../../src/domain/results.js';
import { silentLog } from '../../src/runtime/log.js';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'demo-test-'));
// the certificate is made by the demo itself; what is tested is that the page answers
const lenient = new Agent({ connect: { rejectUnauthorized: false } });

const escapeCharacter = '\u001b';

after(async () => {
  await lenient.close();
  rmSync(temporary, { recursive: true, force: true });
});

/** An installation's environment that would lead anything that looks at it astray. */
const misleading = {
  ONFIDO_API_TOKEN: 'api_live.of-the-installation',
  ONFIDO_API_BASE: 'https://api.eu.onfido.com/v3.6',
  ONFIDO_WEBHOOK_TOKEN: 'of-the-installation',
  ONFIDO_REGION: 'MARS',
  TWILIO_AUTH_TOKEN: 'of-the-installation',
  TWILIO_API_BASE: 'https://api.twilio.com',
  KRATOS_ADMIN_URL: 'https://kratos.example.net',
  GATEHOUSE_CONFIG_DIR: '/nowhere/config',
  GATEHOUSE_DATA_DIR: '/nowhere/data',
  GATEHOUSE_MASTER_KEY: 'not a key',
  PORT: '1',
};

function startChild(...argv: string[]): ChildProcess & { output(): string } {
  const env = { PATH: process.env.PATH, TMPDIR: temporary, ...misleading };
  const child = spawn(process.execPath, [main, 'demo', ...argv], { env, cwd: temporary, stdio: 'pipe' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (text += String(data)));
  return Object.assign(child, { output: () => text });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** The demo at a terminal of its own, with keys to press and a screen to read. */
function atTerminal(t: TestContext, argv: string[], columns = 80) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns });
  let screen = '';
  stdout.on('data', data => (screen += String(data)));
  const env = { NO_COLOR: '1' };
  const code = runCommand(command, argv, { env, cwd: temporary, stdin, stdout, stderr: new PassThrough() });
  // a failed test must not leave it running
  t.after(async () => {
    stdin.write('q');
    await code;
  });
  return {
    code,
    screen: () => screen,
    press: (key: string) => stdin.write(key),
    /** waits until a text stands there so often, wherever its lines are broken */
    sees: (text: string, times = 1) =>
      until(text, () => screen.replace(/\s+/g, ' ').split(text).length > times),
  };
}

function openFolders(): string[] {
  return readdirSync(temporary).filter(name => name.startsWith('gatehouse-demo-'));
}

test('the script runs a customer of every kind, ends well, and neither sees an installation nor leaves anything', async () => {
  const child = startChild('--script');
  const [code] = await once(child, 'exit');
  const output = child.output();
  assert.equal(code, 0, output);
  for (const result of Object.keys(results)) assert.match(output, new RegExp(`\\b${result}\\b`), result);
  const count = cases.length;
  assert.match(output, new RegExp(`${count} of ${count} customers ended as`));
  assert.equal(output.match(/✓ yes/g)?.length, count);
  assert.ok(!output.includes(escapeCharacter), 'no colours without a terminal');
  assert.doesNotMatch(output, /of-the-installation/);
  assert.deepEqual(openFolders(), []);
});

test('every row of the design’s table has its customer', () => {
  const expected = cases.map(({ expected: { result } }) => result);
  assert.deepEqual(new Set(expected), new Set(Object.keys(results)));
  const atKiosks = cases.filter(({ organization, ory }) => Number(organization) < 5 && !ory);
  assert.equal(atKiosks.filter(({ expected: { result } }) => result === 'CLEAR').length, 2);
  for (const organization of ['1', '5', '6'])
    for (const ory of [undefined, true])
      assert.ok(
        cases.some(each => each.organization === organization && each.ory === ory),
        `organization ${organization} is shown`,
      );
});

test('the script fails, and says where, when a customer ends otherwise than expected', async () => {
  const [clear, , suspected] = cases;
  assert.ok(clear && suspected);
  const wrong = { ...suspected, expected: { ...suspected.expected, identity: 'registered', again: 'same' } };
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const input = { env: {}, cwd: temporary, stdin: new PassThrough(), stdout, stderr };
  const code = await runScript({ ...input, values: {}, positionals: [] }, [clear, wrong], silentLog);
  const output = String(stdout.read());
  assert.equal(code, 1, output);
  assert.match(output, /identity: expected registered, was rejected/);
  assert.match(output, /again: expected same, was refused/);
  assert.match(output, /1 of 2 customers ended as/);
});

test('a case that breaks off fails and does not keep the others', async () => {
  const [clear] = cases;
  assert.ok(clear);
  const stdout = new PassThrough();
  const input = { env: {}, cwd: temporary, stdin: new PassThrough(), stdout, stderr: new PassThrough() };
  const odd = { ...clear, outcome: 'no-such-outcome' };
  const values = { json: true };
  const code = await runScript({ ...input, values, positionals: [] }, [odd, clear], silentLog);
  assert.equal(code, 1);
  const reports = JSON.parse(String(stdout.read())) as { ok: boolean; fault?: string }[];
  assert.deepEqual(
    reports.map(({ ok }) => ok),
    [false, true],
  );
  assert.match(reports[0]?.fault ?? '', /no outcome "no-such-outcome"/);
});

test('at a terminal the ten steps are told, keys make customers, and q leaves nothing behind', async t => {
  const demo = atTerminal(t, ['--port', '65535']);
  await demo.sees('Be the customer');
  const link = /^https:\/\/127\.0\.0\.1:\d+\/v\/[\w-]+$/m.exec(demo.screen())?.[0] ?? '';
  assert.doesNotMatch(demo.screen(), / 5 {2}Visit/);
  const page = await request(link, { dispatcher: lenient });
  assert.equal(page.statusCode, 200);
  assert.match(await page.body.text(), /Swift Coins/);
  await demo.sees(' 5 Visit');

  const sdk = await request(new URL('/v14', link), { dispatcher: lenient });
  assert.match(
    await sdk.body.text(),
    /Onfido/,
    'the stand-in for the vendor’s script comes from the same address',
  );

  demo.press('p');
  await demo.sees('The identity is now registered.');
  await demo.sees('your identity is verified');
  const titles = [...demo.screen().matchAll(/^#1 +(\d+) {2}(\S.*?) {2}/gm)].map(([, step]) => Number(step));
  assert.deepEqual(titles, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await demo.sees('status is “approved”');

  demo.press('2');
  await demo.sees('Be the customer', 2);
  demo.press('p');
  await demo.sees('this organization leaves it to a person');
  demo.press('p');
  await demo.sees('There is nobody to play');

  demo.press('3');
  await demo.sees('Be the customer', 3);
  demo.press('t');
  await demo.sees('#3 · Deadline');
  demo.press('c');
  await demo.sees('npx gatehouse simulate customer');
  const folder = /--ca (\S+\/gatehouse-demo-\w+)\//.exec(demo.screen())?.[1] ?? '';
  assert.ok(existsSync(folder));

  demo.press('q');
  assert.equal(await demo.code, 0);
  assert.ok(!existsSync(folder), 'the folder is deleted');
  const tooWide = demo
    .screen()
    .split('\n')
    .filter(line => line.length > 80);
  assert.deepEqual(tooWide, []);
  assert.ok(!demo.screen().includes(escapeCharacter), 'NO_COLOR is honoured');
});

test('the kiosk API answers to the printed key', async t => {
  const demo = atTerminal(t, ['--port', '65534']);
  await demo.sees('Be the customer');
  const screen = demo.screen();
  const [, url = ''] = /curl -s (\S+)/.exec(screen) ?? [];
  const [, key = ''] = /Bearer ([\w-]+)/.exec(screen) ?? [];
  const answer = await request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{"phone": "+420602000001"}',
  });
  assert.equal(answer.statusCode, 201);
  await answer.body.dump();
  await demo.sees('+420 602 000 001', 2);
  demo.press('\u0003');
  assert.equal(await demo.code, 0);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`without a terminal it runs until ${signal} and ends well`, async () => {
    const child = startChild();
    await until('the first customer’s link', () => child.output().includes('Be the customer'));
    assert.equal(openFolders().length, 1);
    child.kill(signal);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0, child.output());
    assert.match(child.output(), /everything it had written is deleted/);
    assert.ok(!child.output().includes(escapeCharacter), 'no colours without a terminal');
    assert.doesNotMatch(child.output(), /play the customer/, 'and no keys');
    assert.deepEqual(openFolders(), []);
  });

for (const [key, vendor, path] of [
  ['5', 'Jumio', 'metadata_public.jumio.status is “verified”'],
  ['6', 'Persona', 'metadata_admin.persona.status is “approved”'],
] as const)
  test(`${key} makes a customer of ${vendor}, whose steps are told in its words`, async t => {
    const demo = atTerminal(t, []);
    await demo.sees('Be the customer');
    demo.press(key);
    await demo.sees('Be the customer', 2);
    demo.press('p');
    await demo.sees(`${vendor}’s own page`);
    await demo.sees('The identity is now registered.');
    await demo.sees(path);
    const steps = [...demo.screen().matchAll(/^#2 +(\d+) {2}(\S.*?) {2}/gm)].map(([, step]) => Number(step));
    assert.deepEqual(
      steps,
      [...steps].sort((one, other) => one - other),
    );
    for (const step of [1, 2, 4, 6, 7, 8, 9, 10]) assert.ok(steps.includes(step), `step ${step}`);
    const ofVendor = demo.screen().split('#2').slice(1).join('');
    assert.doesNotMatch(ofVendor, /Onfido/);
    assert.deepEqual(
      demo
        .screen()
        .split('\n')
        .filter(line => line.length > 80),
      [],
    );
    demo.press('q');
    assert.equal(await demo.code, 0);
  });

test('wrong use is told', async () => {
  for (const [argv, complaint] of [
    [['--json'], /--json goes with --script/],
    [['--port', 'x'], /--port is a number/],
    [['--port', '70000'], /--port is a number/],
    [['now'], /takes options only/],
  ] as const) {
    const stderr = new PassThrough();
    const io = { env: {}, cwd: temporary, stdin: new PassThrough(), stdout: new PassThrough(), stderr };
    assert.equal(await runCommand(command, argv, io), 2);
    assert.match(String(stderr.read()), complaint);
  }
});

test('o signs somebody up at Ory, who is let in once the check is through, at one vendor after the other', async t => {
  const demo = atTerminal(t, []);
  await demo.sees('Be the customer');
  const places = ['metadata_public.onfido', 'metadata_public.jumio', 'metadata_admin.persona'];
  for (const [nth, vendor] of ['Onfido', 'Jumio', 'Persona'].entries()) {
    const email = `visitor${nth + 1}@example.net`;
    const since = () => demo.screen().replace(/\s+/g, ' ').split(`${email} signs up`)[1] ?? '';
    await until(`${email} to sign up`, () => {
      if (since() !== '') return true;
      demo.press('o');
      return false;
    });
    await until('the refusal', () =>
      since().includes('Gatehouse refuses: “Your identity verification is not'),
    );
    assert.ok(since().includes(`begin a check at ${vendor}`));
    demo.press('p');
    await until('the check', () => since().includes(`${email} went through it`));
    // the simulated vendor takes its time; who is impatient presses again
    await until('the login', () => {
      if (since().includes(`Gatehouse lets ${email} in`)) return true;
      demo.press('o');
      return false;
    });
    assert.ok(since().includes(`${places[nth]}.status is “`));
  }
  demo.press('q');
  assert.equal(await demo.code, 0);
});
