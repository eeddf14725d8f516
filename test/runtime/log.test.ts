import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLog, silentLog } from '../../src/runtime/log.js';
import { OutboundError } from '../../src/runtime/outbound.js';
import { cleanText } from '../../src/runtime/redact.js';
import { captureLog } from './captured-log.js';

const phone = '+420777123456';
const linkId = 'q3Zk9xB2aLrT';

test('a line is one JSON object with level, time, message and the fields given', () => {
  const captured = captureLog('info');
  captured.log.child({ listener: 'public' }).info({ status: 204, route: '/v/:linkId' }, 'request');
  captured.log.debug({}, 'not at this level');
  const [entry, ...more] = captured.entries();
  assert.equal(more.length, 0);
  const { time, ...rest } = entry ?? {};
  assert.deepEqual(rest, {
    level: 'info',
    listener: 'public',
    status: 204,
    route: '/v/:linkId',
    message: 'request',
  });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
});

test('fields that name personal data or secrets are blanked, however deep and however they are spelt', () => {
  const captured = captureLog();
  const person = {
    phone,
    first_name: 'Jana',
    lastName: 'Nováková',
    Email: 'jana@example.org',
    dob: '1990-01-02',
  };
  const secrets = {
    apiToken: 's3cretvalue',
    'X-Api-Key': 's3cretvalue',
    webhookSecret: 's3cretvalue',
    password: 's3cretvalue',
  };
  const request = {
    url: `/v/${linkId}?a=1`,
    headers: { authorization: 'Bearer s3cretvalue' },
    body: 'Jana',
    rawBody: Buffer.from('Jana'),
  };
  captured.log.warn({ list: [{ person }], secrets, request, linkId, kept: 'yes' }, 'something');
  const child = captured.log.child({ phone });
  child.error({ query: 'a=Jana' }, 'else');
  assert.doesNotMatch(captured.text(), /Jana|Novákov|example\.org|1990|s3cretvalue|420777|q3Zk/);
  assert.equal(captured.entries()[0]?.kept, 'yes');
});

test('texts lose what identifies somebody wherever it slipped in', () => {
  const cases: [string, string][] = [
    [`sent to ${phone} just now`, 'sent to +… just now'],
    ['sent to +1 (212) 555-0100.', 'sent to +….'],
    [
      `GET https://kyc.example.net:8743/v/${linkId}?lang=cs failed`,
      'GET https://kyc.example.net:8743/… failed',
    ],
    ['https://user:pass@example.net/x', 'https://example.net/…'],
    [`no route for /v/${linkId}`, 'no route for /v/…'],
    [
      'POST /server/serverapi/apiv1/identity-check/submit/0a1b-22 slow',
      'POST /server/serverapi/apiv1/identity-check/submit/… slow',
    ],
    ['/v3.6/applicants/0a1b/x', '/v3.6/applicants/…/x'],
    ['path /a?token=abc&b=c', 'path /a?…'],
    ['mail jana.n+x@mail.example.org bounced', 'mail …@… bounced'],
    [`mail ${'jana'.repeat(5_000)}@example.org bounced`, 'mail …@… bounced'],
    ['Authorization: Bearer abcdef123456', 'Authorization: Bearer …'],
    ['jwt eyJhbGciOi.eyJzdWIi.c2ln here', 'jwt … here'],
    ['signature=deadbeef', 'signature=…'],
  ];
  for (const [text, clean] of cases) assert.equal(cleanText(text), clean);
});

test('texts that identify nobody stay as they are', () => {
  const texts = [
    'listening on 0.0.0.0:7743',
    'file:///opt/gatehouse/dist/src/http/server.js:12:34',
    '/var/lib/gatehouse/tls/self-signed.crt',
    'at async run (node_modules/@fastify/proxy-addr/index.js:5:1)',
    '2026-03-04T10:00:00.000+02:00',
    'is it ready? yes',
    'check chk_01hx decided in revision 3',
  ];
  for (const text of texts) assert.equal(cleanText(text), text);
});

test('an error keeps type, code, stack and cause and loses what it drags along', () => {
  const captured = captureLog();
  const cause = Object.assign(new Error(`no such number ${phone}`), {
    code: 21211,
    response: { body: 'Jana' },
  });
  const err = new OutboundError('cut', true, 'https://api.example.net: cut', cause);
  captured.log.error({ err }, 'notice failed');
  const logged = captured.entries()[0]?.err as Record<string, unknown> & { cause: Record<string, unknown> };
  assert.deepEqual([logged.type, logged.kind, logged.cause.code], ['OutboundError', 'cut', 21211]);
  assert.match(String(logged.stack), /log\.test/);
  assert.equal(logged.cause.message, 'no such number +…');
  assert.doesNotMatch(captured.text(), /Jana|420777/);
});

test('values of any kind are survived', () => {
  const captured = captureLog();
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const odd = {
    big: 10n,
    symbol: Symbol('x'),
    bytes: new Uint8Array(3),
    at: new Date(0),
    never: new Date(Number.NaN),
  };
  captured.log.info({ loop, odd, nothing: undefined, call: () => 1, list: Array(1000).fill(1) }, 'odd');
  const entry = captured.entries()[0] as { odd: Record<string, unknown>; list: unknown[] };
  assert.deepEqual(
    [entry.odd.big, entry.odd.bytes, entry.odd.at],
    ['10', '[3 bytes]', '1970-01-01T00:00:00.000Z'],
  );
  assert.ok(entry.list.length < 1000);
});

test('the pretty format is a line for a person, and no input can steer the terminal', () => {
  const lines: string[] = [];
  const log = createLog({
    level: 'debug',
    format: 'pretty',
    destination: { write: line => lines.push(line) },
  });
  log.info({ port: 7743, note: 'two words', nasty: '\x1b[2J\nnext' }, 'listening\x07');
  assert.match(
    lines[0] ?? '',
    /^\d\d:\d\d:\d\d\.\d{3} info {2}listening\\x07 port=7743 note="two words" nasty="\\u001b\[2J\\nnext"\n$/,
  );
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  assert.match(lines[1] ?? '', /error failed\n {4}Error: outer\n {8}at [\s\S]*caused by:\n {4}Error: inner/);
});

test('the silent log takes everything', () => {
  silentLog.child({ a: 1 }).error({ err: new Error('x') }, 'unheard');
});

/** Has a process of its own log a good deal, more than it has memory for, and then a last line into a file. */
async function logInVain(t: TestContext, stdout: number | 'pipe') {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'log');
  const program = `
    import { once } from 'node:events';
    import { closeSync, openSync } from 'node:fs';
    import { createLog } from ${JSON.stringify(new URL('../../src/runtime/log.js', import.meta.url).href)};
    await once(process.stdin.resume(), 'end');
    const log = createLog({ level: 'info', format: 'json' });
    for (let nth = 0; nth < 50_000; nth++) log.info({ filling: 'x'.repeat(1_000) }, 'in vain');
    closeSync(1);
    openSync(${JSON.stringify(file)}, 'w');
    log.info({}, 'there is room again');`;
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=20', '--input-type=module', '--eval', program],
    { stdio: ['pipe', stdout, 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', chunk => {
    said += chunk;
  });
  child.stdout?.destroy();
  child.stdin?.end();
  const [code] = await once(child, 'close');
  assert.deepEqual([said, code], ['', 0]);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as { message: unknown }).message);
}

test('lines that find no room cost nothing but themselves, and nothing is kept of them', async t => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  assert.deepEqual(await logInVain(t, full), ['there is room again']);
});

test('when nobody reads the log any more, the work goes on', async t => {
  assert.deepEqual(await logInVain(t, 'pipe'), ['there is room again']);
});
