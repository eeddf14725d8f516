import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureHeaders, leavingHeaders, plainHeaders } from '../../src/site/page-headers.js';
import { aView } from './fake-journey.js';

const { capture } = aView();
const plain =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

test('pages without a capture allow our own files only, and no camera', () => {
  assert.deepEqual(plainHeaders(), {
    'content-security-policy': plain,
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
    'cache-control': 'no-store',
  });
});

test('the capture page adds what the provider names and what its script needs, and nothing else', () => {
  const headers = captureHeaders(capture);
  assert.deepEqual(headers['content-security-policy']?.split('; '), [
    "default-src 'none'",
    "script-src 'self' https://sdk.vendor.example",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "connect-src 'self' data: blob: https://*.vendor.example wss://*.vendor.example",
    'frame-src https://sdk.vendor.example',
    "worker-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
  assert.equal(
    headers['permissions-policy'],
    'camera=(self "https://sdk.vendor.example"), microphone=(self "https://sdk.vendor.example"), geolocation=()',
  );
  assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin');
});

test('the script’s own origin is allowed even when the provider forgets to name it', () => {
  const headers = captureHeaders({ ...capture, scriptUrl: 'http://127.0.0.1:4010/sdk/v14', sources: {} });
  const policy = headers['content-security-policy'] ?? '';
  assert.match(policy, /script-src 'self' http:\/\/127\.0\.0\.1:4010;/);
  assert.match(policy, /frame-src 'none'/);
});

test('a provider cannot loosen what is ours, nor write past its directive', () => {
  const headers = captureHeaders({
    ...capture,
    sources: {
      'script-src': ["'unsafe-eval'", 'https://a.example; default-src *', 'https://b.example'],
      'default-src': ['*'],
      'frame-ancestors': ['https://c.example'],
      'form-action': ['https://d.example'],
      'base-uri': ['https://e.example'],
    },
  });
  const policy = headers['content-security-policy'] ?? '';
  assert.match(policy, /script-src 'self' https:\/\/sdk\.vendor\.example https:\/\/b\.example;/);
  assert.doesNotMatch(policy, /unsafe-eval|a\.example|c\.example|d\.example|e\.example|default-src \*/);
});

test('the start form may lead to the vendor’s own site only where the capture happens there', () => {
  const sources = { 'form-action': ['https://*.vendor.example'] };
  const leaving = leavingHeaders({ kind: 'redirect', workflow: true, sources });
  assert.equal(
    leaving['content-security-policy'],
    plain.replace("form-action 'self'", "form-action 'self' https://*.vendor.example"),
  );
  assert.equal(leavingHeaders({ ...capture, sources })['content-security-policy'], plain);
});
