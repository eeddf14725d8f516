import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileUrl, pageUrl } from '../../../src/providers/persona/places.js';

const official = 'https://api.withpersona.com/api/v1';
const elsewhere = 'http://127.0.0.1:4030/api/v1';

function kept(read: typeof pageUrl, base: string, urls: readonly string[]): string[] {
  return urls.filter(url => read(base, url) !== null);
}

const hostile = [
  'https://withpersona.com.example.net/verify',
  'https://example.net/?withpersona.com',
  'https://notwithpersona.com/verify',
  'http://withpersona.com/verify',
  'https://a:b@withpersona.com/verify',
  'javascript:alert(1)',
  '//withpersona.com/verify',
  '/verify',
  '',
];

test('customers are sent to Persona’s own hosts only', () => {
  const good = [
    'https://withpersona.com/verify?code=us1-x',
    'https://inquiry.withpersona.com/verify?inquiry-id=inq_1',
    'https://acme.withpersona.com/verify',
  ];
  assert.deepEqual(kept(pageUrl, official, [...good, ...hostile]), good);
});

test('files are fetched from Persona’s file host only', () => {
  const good = ['https://files.withpersona.com/a.jpg?access_token=x'];
  const others = ['https://withpersona.com/a.jpg', 'https://files.withpersona.com:8443/a.jpg'];
  assert.deepEqual(kept(fileUrl, official, [...good, ...others, ...hostile]), good);
});

test('where the API is somewhere else, that origin is all there is', () => {
  const good = ['http://127.0.0.1:4030/verify?code=x'];
  const others = ['http://127.0.0.1:4031/verify', 'https://withpersona.com/verify?code=us1-x'];
  for (const read of [pageUrl, fileUrl])
    assert.deepEqual(kept(read, elsewhere, [...good, ...others, ...hostile]), good);
});
