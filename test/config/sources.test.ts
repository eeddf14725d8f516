import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentWithDotenv } from '../../src/config/dotenv.js';
import { nearest } from '../../src/config/nearest.js';
import { parseProperties } from '../../src/config/properties.js';
import { formatDuration, formatSize, readDuration, readSize } from '../../src/config/quantities.js';
import { openWorkshop, shortest } from './workshop.js';

test('properties are read by the rules CAS reads them by', () => {
  const read = (text: string) => parseProperties(text).map(({ key, value, line }) => [key, value, line]);
  assert.deepEqual(read('# a=1\n! b=2\n\n  # c=3\na=1\nb: 2\nc 3\nd = 4 \n e\t:\t5\nf\ng==\n'), [
    ['a', '1', 5],
    ['b', '2', 6],
    ['c', '3', 7],
    ['d', '4', 8],
    ['e', '5', 9],
    ['f', '', 10],
    ['g', '=', 11],
  ]);
  assert.deepEqual(read('url=https\\://a.example.net\\:8743\r\nk\\=e\\:y\\ s=v\\u0041\\t!\n'), [
    ['url', 'https://a.example.net:8743', 1],
    ['k=e:y s', 'vA\t!', 2],
  ]);
  assert.deepEqual(read('\uFEFFa=one\\\n   two\nb=back\\\\\nc=3\nd=open\\'), [
    ['a', 'onetwo', 1],
    ['b', 'back\\', 3],
    ['c', '3', 4],
    ['d', 'open', 5],
  ]);
});

test('each mistake in config/onfido has its line', t => {
  const workshop = openWorkshop(t);
  const lines = (text: string) => {
    workshop.write('config/onfido', text);
    return workshop.lines();
  };
  const example = 'https://kyc.example.net:8743';
  assert.deepEqual(lines('# x\nwebhook.onfido=https://a.example.net/server\n'), [
    `config/onfido:2: webhook.onfido: has a path; write only scheme, host and port, such as ${example}`,
  ]);
  assert.deepEqual(lines('webhook.onfido=\n'), [
    `config/onfido:1: webhook.onfido: is empty; write an https URL, such as ${example}, or remove the line`,
  ]);
  assert.deepEqual(lines('webhook.onfido=http://127.0.0.1\n'), [
    `config/onfido:1: webhook.onfido: is plain http; write an https URL, such as ${example}`,
  ]);
  assert.deepEqual(lines('webhook.onfido=https://a.example.net:99999\n'), [
    `config/onfido:1: webhook.onfido: is not a URL; write an https URL, such as ${example}`,
  ]);
  assert.deepEqual(lines('webhook.verificationsite=https://a.example.net\n'), [
    'config/onfido:1: webhook.verificationsite: is not a known key; did you mean webhook.verificationSite?',
  ]);
  assert.deepEqual(lines('apiKey=x\n'), [
    'config/onfido:1: apiKey: is not a known key; known here: webhook.onfido and webhook.verificationSite',
  ]);
  assert.deepEqual(lines('webhook.onfido=https://a.example.net\nwebhook.onfido=https://b.example.net\n'), [
    'config/onfido:2: webhook.onfido: is there twice; keep one of them',
  ]);
});

const hostnames: readonly (readonly [content: string, problem: RegExp])[] = [
  ['', /^is empty; /],
  [' \n', /^is empty; /],
  ['a.example.net\nb.example.net\n', /^has more than one line; /],
  [' kyc.example.net\n', /^has spaces around the name; /],
  ['kyc example.net', /^has a space in it; /],
  ['https://kyc.example.net', /^begins with a scheme; remove it; /],
  ['kyc.example.net:443', /^has a port; remove it; /],
  ['kyc.example.net/site', /^has a path; remove it; /],
  ['*.example.net', /^has a wildcard; /],
  ['203.0.113.9', /^is an IP address; /],
  ['[2001:db8::1]', /^is an IP address; /],
  ['2001:db8::1', /^is an IP address; /],
  ['kyc.example.net.', /^ends with a dot; /],
  ['kyc', /^is not a full name: it has no dot; /],
  ['kyc_box.example.net', /^is not a host name; /],
  ['-kyc.example.net', /^is not a host name; /],
  ['kyc..example.net', /^is not a host name; /],
  ['kyc.example.123', /^is not a host name; /],
  ['kýc.example.net', /^has letters beyond ASCII; write its DNS form, xn--kc-0ka\.example\.net$/],
];

for (const [content, problem] of hostnames)
  test(`the host name ${JSON.stringify(content)} is refused with a remedy`, t => {
    const workshop = openWorkshop(t);
    workshop.write('config/hostname', content);
    const [line = '', ...others] = workshop.lines();
    assert.deepEqual(others, []);
    assert.match(line, /^config\/hostname: /);
    assert.match(line.slice('config/hostname: '.length), problem);
  });

test('a host name is taken in lower case, with or without a line break', t => {
  const workshop = openWorkshop(t);
  for (const content of ['KYC.Example.NET', 'kyc.example.net\r\n', '\uFEFFkyc.example.net\n\n']) {
    workshop.write('config/hostname', content);
    assert.equal(workshop.load().config.hostname, 'kyc.example.net');
  }
});

test('without a configuration the start stops and names init', t => {
  const workshop = openWorkshop(t);
  const lines = workshop.lines({ GATEHOUSE_CONFIG_DIR: 'none' });
  assert.deepEqual(lines, [
    'none/gatehouse.yaml: is missing; run `npx gatehouse init`, or set GATEHOUSE_CONFIG_DIR to the folder that has it',
  ]);
  const withOry = workshop.lines({ GATEHOUSE_CONFIG_DIR: 'none', ORY_WEBHOOK_SECRET: 'whs' });
  assert.deepEqual(withOry, lines);
});

test('a missing host name is told beside the other mistakes', t => {
  const workshop = openWorkshop(t).emptied();
  workshop.write('config/gatehouse.yaml', `front: x\n${shortest}`);
  assert.deepEqual(
    workshop.lines().map(line => line.split(';')[0]),
    [
      'config/gatehouse.yaml:1: front: is not one of direct, nginx or cloudflared',
      'config/hostname: is missing',
    ],
  );
});

test('what works but is probably not meant is warned about', t => {
  const warned = (settings: string, env?: Record<string, string>) =>
    openWorkshop(t, settings).load(env).config.warnings.join('\n');
  const behindTunnel = `front: cloudflared\n${shortest}`;
  assert.equal(warned(behindTunnel), '');
  assert.match(
    warned(shortest),
    /certificate self-signed.*\n.*lead to port 443, but the public listener has 7743/,
  );
  assert.match(
    warned(`site: {publicUrl: "https://kyc.example.net:7743"}\n${behindTunnel}`),
    /has a port: .* 401/,
  );
  assert.match(warned(`site: {publicUrl: "http://kyc.example.net"}\n${behindTunnel}`), /not https/);
  const sandboxToken = { ONFIDO_API_TOKEN: 'api_sandbox.x' };
  assert.match(warned(behindTunnel, sandboxToken), /organization 1 has an Onfido sandbox token/);
  assert.match(
    warned(`${behindTunnel}    sandbox: true\n`),
    /takes sandbox checks for real ones.*\n.*a live Onfido token/,
  );
  assert.doesNotMatch(warned(`${behindTunnel}    sandbox: true\n`, sandboxToken), /token/);
  assert.match(
    warned(`${behindTunnel}    verificationSite: https://site.example.net\n`),
    /external verification site/,
  );
  assert.match(warned(`${behindTunnel}    expectedReports: [document]\n`), /does not expect a facial report/);
  assert.match(
    warned(behindTunnel.replace('id: 1', 'id: b\n    onfido: {apiToken: {secret: ONFIDO_API_TOKEN}}'), {
      ONFIDO_REGION: 'US',
    }),
    /ONFIDO_REGION is set but not used/,
  );
  assert.match(
    warned(behindTunnel, { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'x' }),
    /sms\.vendor is console/,
  );
});

test('times and sizes are read and shown alike', () => {
  const duration = readDuration('0s', '30d');
  for (const text of ['90m', '1h30m', '1h 30m', '5400s']) assert.equal(duration(text), 5_400_000);
  assert.equal(formatDuration(5_400_000), '1h30m');
  assert.equal(duration(formatDuration(93_784_005)), 93_784_005);
  for (const wrong of ['', 'm', '1.5h', '-1m', '1x', '90', 90, null, {}])
    assert.throws(() => duration(wrong));
  const size = readSize('1B', '1024MiB');
  assert.equal(size('64KiB'), 65_536);
  assert.equal(formatSize(1_048_576 + 512), '1MiB512B');
  for (const wrong of ['64KB', '64', 64]) assert.throws(() => size(wrong));
});

test('the nearest word is the one that was meant, or none', () => {
  const words = ['publicUrl', 'region', 'workflowId', 'webhookTokens'];
  assert.equal(nearest('public-url', words), 'publicUrl');
  assert.equal(nearest('regoin', words), 'region');
  assert.equal(nearest('webhookToken', words), 'webhookTokens');
  assert.equal(nearest('colour', words), undefined);
  assert.equal(nearest('', words), undefined);
});

test('a .env is laid under the environment that was really given', t => {
  const workshop = openWorkshop(t);
  workshop.write('.env', '# x\nPORT=1\nONFIDO_REGION="US"\n');
  assert.deepEqual(environmentWithDotenv({ env: { PORT: '2' }, cwd: workshop.dir }), {
    PORT: '2',
    ONFIDO_REGION: 'US',
  });
  assert.deepEqual(environmentWithDotenv({ env: { PORT: '2' }, cwd: `${workshop.dir}/config` }), {
    PORT: '2',
  });
});
