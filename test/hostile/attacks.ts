/** Requests as bytes on the wire, wrong in as many ways as we could think of. */
import { callbackText, eventText, formBody, hostileBody, objectText } from './bodies.js';
import type { Chance } from './random.js';
import { deliveryPath, hookSecret, largestDelivery, type Target } from './target.js';

export interface Attack {
  readonly listener: 'public' | 'private';
  /** of its first request; empty where there is none to speak of */
  readonly path: string;
  readonly bytes: Buffer;
}

const methods = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'PROPFIND',
  'get',
  'CONNECT',
  'TRACE',
  'X',
];

const publicPaths = [
  deliveryPath,
  `/server${deliveryPath}`,
  '/serverapi/apiv1/identity-check/onfidowh',
  '/serverapi/apiv1/identity-check/submit/{}',
  '/server/serverapi/apiv1/identity-check/submit/{}',
  '/onfido/callback',
  '/jumio/callback',
  '/persona/callback',
  '/onfido/session',
  '/sms/status',
  '/v/{}',
  '/v/{}/start',
  '/v/{}/session',
  '/v/{}/submit',
  '/v/{}/problem',
  '/v/{}/capture',
  '/v/{}/status.json',
  '/v/{}/help/{}',
  '/v/assets/{}',
  '/',
  '/?a={}&lang={}',
  '/{}',
];

const privatePaths = [
  '/healthz',
  '/api/v1/registrations',
  '/api/v1/registrations/{}',
  '/api/v1/registrations/{}/qr.svg',
  '/api/v1/registrations/{}/resend',
  '/api/v1/identities/lookup',
  '/api/v1/openapi.json',
  '/onfido/initiate',
  '/onfido/validate',
  '/{}',
];

const segments = [
  '..',
  '%2e%2e%2f',
  '%00',
  '%ff%fe',
  '%E0%A4%A',
  '%',
  '\u{1F9A0}',
  'a'.repeat(199),
  'a'.repeat(20_000),
  '//',
  ';x=y',
  '?a[]=1&a=2&__proto__[x]=1',
  '#',
  '\\..\\',
  '*',
  "'--",
  ' ',
  '%0d%0aX-Injected: 1',
  '0',
  '-1',
];

/** One attack; the same chance makes the same. */
export function makeAttack(chance: Chance, target: Target): Attack {
  const kind = chance.int(10);
  if (kind < 3) return signatureAttack(chance, target);
  if (kind === 3) return genuineButOdd(chance, target);
  if (kind === 4) return chance.once(2) ? genuineButOdd(chance, target) : oddCallback(chance, target);
  if (kind < 7) return apiAttack(chance, target);
  if (kind === 7) return brokenProtocol(chance, target);
  return pathAttack(chance, target);
}

const hex = (chance: Chance, length: number) =>
  chance
    .bytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);

/** Headers that claim to be a signature. */
function signatureAttack(chance: Chance, target: Target): Attack {
  const body = hostileBody(chance, 4000);
  const genuine = target.sign(body);
  const signature = chance.pick([
    '',
    hex(chance, 64),
    hex(chance, 62),
    hex(chance, 66),
    `${genuine}zz`,
    ` ${genuine.slice(0, 63)}`,
    genuine.slice(0, 63),
    'g'.repeat(64),
    `${genuine}, ${genuine}`,
    `sha256=${genuine}`,
    'é'.repeat(32),
    hex(chance, 8000),
    '\t',
    '0x'.repeat(32),
  ]);
  const lines = [`X-SHA2-Signature: ${signature}`];
  if (chance.once(4)) lines.push(`x-sha2-signature: ${chance.pick([genuine, hex(chance, 64)])}`);
  if (chance.once(3)) lines.push(`X-Jumio-Signature: ${signature}`);
  if (chance.once(3)) {
    const now = Math.floor(Date.now() / 1000);
    const [t, v1] = [
      chance.pick([now, now + 1e9, chance.int(9), '', '1e9']),
      chance.pick([signature, genuine]),
    ];
    lines.push(
      `Persona-Signature: ${chance.pick([`t=${t},v1=${v1}`, `v1=${v1}`, `t=${t},`.repeat(50), v1])}`,
    );
  }
  const path = chance.pick([deliveryPath, '/onfido/callback', '/jumio/callback', '/persona/callback']);
  return request('public', 'POST', path, lines, body);
}

/** Past the signature: whatever is in the body is kept first and read later. */
function genuineButOdd(chance: Chance, target: Target): Attack {
  const body = hostileBody(chance, largestDelivery);
  const lines = [
    `X-SHA2-Signature: ${target.sign(body)}`,
    `Content-Type: ${chance.pick(['application/json', 'text/plain', 'x', '', 'application/json; charset=utf-7', '\u00e9'])}`,
    ...(chance.once(5) ? [`Content-Encoding: ${chance.pick(['gzip', 'br', 'identity', 'x'])}`] : []),
    ...(chance.once(8) ? ['Expect: 100-continue'] : []),
  ];
  return request('public', 'POST', deliveryPath, lines, body);
}

/** Past what proves a callback of the other providers. */
function oddCallback(chance: Chance, target: Target): Attack {
  const isJumio = chance.once(2);
  const own = isJumio ? callbackText(chance, target.runReference) : eventText(chance);
  const body = chance.once(4) ? hostileBody(chance, largestDelivery) : Buffer.from(own);
  const signed = isJumio
    ? [`X-Jumio-Signature: ${target.signAs('jumio', body)}`]
    : [`Persona-Signature: ${target.signAs('persona', body)}`];
  // Jumio itself signs nothing: the reference in the body proves enough
  const lines = isJumio && chance.once(2) ? [] : signed;
  const path = isJumio ? '/jumio/callback' : '/persona/callback';
  return request('public', 'POST', path, [...lines, 'Content-Type: application/json'], body);
}

/** Past the kiosk's key, the hook's secret or the customer's link. */
function apiAttack(chance: Chance, target: Target): Attack {
  const { kioskKey, registrationId } = target;
  const link = chance.pick(target.links);
  const json = 'Content-Type: application/json';
  const body = chance.once(3) ? hostileBody(chance, 60_000) : Buffer.from(objectText(chance));
  const key = `Authorization: Bearer ${kioskKey}`;
  const phone = JSON.stringify(chance.bytes(chance.int(40)).toString('latin1'));
  switch (chance.int(7)) {
    case 0:
      return request('private', 'POST', '/api/v1/registrations', [key, json], body);
    case 1: {
      const asked = Buffer.from(`{"phone":${phone},"notify":"none"}`);
      return request(
        'private',
        'POST',
        chance.pick(['/api/v1/registrations', '/api/v1/identities/lookup']),
        [key, json],
        asked,
      );
    }
    case 2: {
      const path = `/api/v1/registrations/${chance.pick([registrationId, chance.pick(segments)])}${chance.pick(['', '/qr.svg', '/resend', '/x'])}`;
      return request('private', chance.pick(methods), path, [key, json], body);
    }
    case 3: {
      const hook = chance.pick(['/onfido/initiate', '/onfido/validate']);
      return request('private', 'POST', hook, [`X-Webhook-Secret: ${hookSecret}`, json], body);
    }
    case 4: {
      const own = ['Origin: https://kyc.example.net', 'Sec-Fetch-Site: same-origin'];
      const action = chance.pick(['start', 'session', 'submit', 'problem']);
      const form = 'Content-Type: application/x-www-form-urlencoded';
      return request(
        'public',
        'POST',
        `${link}/${action}`,
        [...own, chance.pick([json, form])],
        chance.once(2) ? body : formBody(chance),
      );
    }
    case 5: {
      const lines = [
        `X-Twilio-Signature: ${chance.bytes(20).toString('base64')}`,
        'Content-Type: application/x-www-form-urlencoded',
      ];
      return request('public', 'POST', '/sms/status', lines, formBody(chance));
    }
    default: {
      const lines = [
        `Cookie: ${chance.pick(segments)}=${hex(chance, 40)}`,
        `Accept-Language: ${chance.pick(['*;q=9', 'en-'.repeat(500), ',,,;', 'x'])}`,
      ];
      return request('public', 'GET', `${link}?lang=${chance.pick(segments)}`, lines, Buffer.alloc(0));
    }
  }
}

function pathAttack(chance: Chance, target: Target): Attack {
  const listener = chance.once(3) ? 'private' : 'public';
  const path = chance
    .pick(listener === 'public' ? publicPaths : privatePaths)
    .replaceAll('{}', () => chance.pick(segments));
  const whole = chance.pick([path, path, path, `${path}/`, `https://evil.example${path}`, `/${path}`, '*']);
  const lines = chance.once(2) ? [oddHeader(chance)] : [];
  const key = listener === 'private' ? [`Authorization: Bearer ${target.kioskKey}`] : [];
  const body = chance.once(3) ? hostileBody(chance, 3000) : Buffer.alloc(0);
  return request(listener, chance.pick(methods), whole, [...key, ...lines], body);
}

function oddHeader(chance: Chance): string {
  return chance.pick([
    'Host: other.example',
    'X-Forwarded-For: ::ffff:127.0.0.1, , "',
    'X-Forwarded-Proto: gopher',
    'X-Forwarded-Host: evil.example',
    'X-Request-Id: \u0001\u0002',
    'Range: bytes=0-,5-1,-9',
    'If-None-Match: *',
    'If-Modified-Since: yesterday',
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings',
    'Accept: ,;q=,*/*;q=a',
    `X: ${'y'.repeat(chance.int(20_000))}`,
    Array.from({ length: 150 }, (_, i) => `X-${i}: ${i}`).join('\r\n'),
    'Authorization: Bearer',
    'Authorization: Basic \u00ff',
    'Last-Event-ID: -1e9',
    ' folded: yes',
  ]);
}

/** What is no request at all, or two of them, or one that never ends. */
function brokenProtocol(chance: Chance, target: Target): Attack {
  const listener = chance.pick(['public', 'private'] as const);
  const raw = (text: string) => ({ listener, path: '', bytes: Buffer.from(text, 'latin1') });
  const host = 'Host: kyc.example.net\r\n';
  switch (chance.int(10)) {
    case 0:
      return { listener, path: '', bytes: chance.bytes(chance.int(3000)) };
    case 1:
      return raw(
        `POST ${deliveryPath} HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
      );
    case 2:
      return raw(
        `POST ${deliveryPath} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${chance.pick(['zz', 'ffffffffffffffff', '-1', '5;x'])}\r\nabc`,
      );
    case 3:
      return raw(
        `POST ${deliveryPath} HTTP/1.1\r\n${host}Content-Length: ${chance.pick(['-1', '1e3', '99999999999999999999', '5, 6', 'x'])}\r\n\r\nabc`,
      );
    case 4:
      return raw(`GET / HTTP/${chance.pick(['0.9', '1.0', '2.0', '3', '1.1x'])}\r\n${host}\r\n`);
    case 5:
      return raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    case 6:
      return raw(
        `GET / HTTP/1.1\r\n${chance.pick(['', `${host}${host}`, 'Host:\r\n', 'Host: \u00e9\r\n'])}\r\n`,
      );
    case 7:
      return raw(
        `POST ${deliveryPath} HTTP/1.1\r\n${host}X-SHA2-Signature: ${target.sign('abc')}\r\nContent-Length: 3\r\n\r\nabcPOST /x HTTP/1.1\r\n\r\n`,
      );
    case 8:
      return raw(`GET /${'a'.repeat(chance.int(40_000))} HTTP/1.1\r\n${host}\r\n`);
    default:
      return raw(`GET / HTTP/1.1\r\n${host}A\u0000B: c\r\n: d\r\nE : f\r\n\r\n`);
  }
}

function request(
  listener: Attack['listener'],
  method: string,
  path: string,
  lines: readonly string[],
  body: Buffer,
): Attack {
  const host = listener === 'public' ? 'kyc.example.net' : '127.0.0.1';
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  return {
    listener,
    path,
    bytes: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]),
  };
}
