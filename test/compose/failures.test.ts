import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFailure } from '../../src/compose/failures.js';
import { SmsError } from '../../src/effects/notices/vendors/vendor.js';
import { ProviderError, type ProviderErrorKind } from '../../src/providers/provider.js';
import { NoSiteToken, SiteError } from '../../src/registration/tell-site.js';

const failed = (kind: ProviderErrorKind, status?: number) =>
  classifyFailure(new ProviderError(kind, 'x', status === undefined ? {} : { status }));

test('a provider that cannot do one thing now is well; one that cannot do anything is not', () => {
  const words = [422, 409, 408, 429, 500, 503, undefined].map(status => failed('later', status));
  assert.deepEqual(
    words.map(({ receiver }) => receiver),
    ['well', 'well', 'ill', 'busy', 'ill', 'ill', 'ill'],
  );
  assert.ok(words.every(({ retry }) => retry));
  assert.deepEqual(
    [failed('refused', 422), failed('missing', 404)].map(({ retry, receiver }) => [retry, receiver]),
    [
      [false, 'well'],
      [false, 'well'],
    ],
  );
  assert.deepEqual(failed('unauthorized', 401), {
    retry: true,
    code: 'provider_unauthorized_401',
    receiver: 'ill',
  });
});

test('that something may be in the making is waited for, and says nothing of whoever makes it', () => {
  const options = { retryAfterMs: 7_000, mayHaveActed: false };
  const wait = { retry: true, receiver: 'unknown', waits: true, retryAfterMs: 7_000 };
  assert.deepEqual(classifyFailure(new ProviderError('under_way', 'x', options)), {
    ...wait,
    code: 'provider_under_way',
  });
  assert.deepEqual(classifyFailure(new SmsError('under_way', 'x', options)), {
    ...wait,
    code: 'sms_under_way',
  });
});

test('what a verification site answers is its own word, and always worth another attempt', () => {
  const failures = [404, 422, 408, 429, 302, 500, 503].map(status => classifyFailure(new SiteError(status)));
  assert.deepEqual(
    failures.map(({ code, receiver }) => [code, receiver]),
    [
      ['site_404', 'well'],
      ['site_422', 'well'],
      ['site_408', 'ill'],
      ['site_429', 'busy'],
      ['site_302', 'ill'],
      ['site_500', 'ill'],
      ['site_503', 'ill'],
    ],
  );
  assert.ok(failures.every(({ retry }) => retry));
  // nobody spoke to the site
  assert.deepEqual(classifyFailure(new NoSiteToken()), { retry: true, code: 'no_site_token' });
});
