import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isResumeToken,
  makeResumeToken,
  openResumeToken,
  type ResumeClaim,
} from '../../../src/registration/ory/resume-token.js';
import { createKeyring } from '../../../src/runtime/keyring.js';

const keyring = createKeyring(randomBytes(32));
const anyClaim: fc.Arbitrary<ResumeClaim> = fc.record({
  kratosId: fc.uuid(),
  provider: fc.constantFrom('onfido', 'jumio', 'persona'),
  attempt: fc.nat(2 ** 40),
  expiresAt: fc.nat(2 ** 45),
});

test('a token brings back what it was made for, and is like no other', () => {
  fc.assert(
    fc.property(anyClaim, claim => {
      const token = makeResumeToken(keyring, claim);
      const opened = openResumeToken(keyring, token);
      assert.ok(opened);
      const { nonce, ...rest } = opened;
      assert.deepEqual(rest, { ...claim });
      assert.notDeepEqual(openResumeToken(keyring, makeResumeToken(keyring, claim))?.nonce, nonce);
      assert.ok(isResumeToken(token) && token.length < 200);
      assert.ok(!token.includes(claim.kratosId), 'it tells nobody whose it is');
    }),
  );
});

test('a token that was changed anywhere is none', () => {
  const claim = {
    kratosId: '8d2e7c60-51a4-4b7e-9f3a-0c6a1b2d3e4f',
    provider: 'onfido',
    attempt: 7,
    expiresAt: 9e12,
  };
  const sealed = Buffer.from(makeResumeToken(keyring, claim).slice(2), 'base64url');
  for (let place = 0; place < sealed.length; place++) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    assert.equal(openResumeToken(keyring, `r.${changed.toString('base64url')}`), null);
  }
});

test('a token of another installation is none', () => {
  fc.assert(
    fc.property(anyClaim, claim => {
      const foreign = makeResumeToken(createKeyring(randomBytes(32)), claim);
      assert.equal(openResumeToken(keyring, foreign), null);
    }),
    { numRuns: 20 },
  );
});

test('no id of a link has the form of a token', () => {
  fc.assert(fc.property(fc.uuid(), id => !isResumeToken(keyring.linkId(id, 'kiosk'))));
  fc.assert(fc.property(fc.string(), text => openResumeToken(keyring, text) === null));
});
