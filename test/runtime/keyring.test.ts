import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyring, open, SealError, sameSecret, seal } from '../../src/runtime/keyring.js';

const keyring = createKeyring(Buffer.alloc(32, 1));
const other = createKeyring(Buffer.alloc(32, 2));

test('what is sealed opens with the same key and context only', () => {
  const key = Buffer.alloc(32, 7);
  const sealed = seal(key, Buffer.from('secret'), 'row 1');
  assert.equal(open(key, sealed, 'row 1').toString(), 'secret');
  assert.throws(() => open(key, sealed, 'row 2'), SealError);
  assert.throws(() => open(Buffer.alloc(32, 8), sealed, 'row 1'), SealError);
});

test('every changed byte is noticed, and so is a shortened or foreign one', () => {
  const key = Buffer.alloc(32, 7);
  const sealed = seal(key, Buffer.from('x'), 'row');
  for (let place = 0; place < sealed.length; place++) {
    const changed = Buffer.from(sealed);
    changed[place]! ^= 1;
    assert.throws(() => open(key, changed, 'row'), SealError);
  }
  assert.throws(() => open(key, sealed.subarray(0, 20), 'row'), SealError);
  assert.throws(() => open(key, Buffer.alloc(0), 'row'), SealError);
});

test('the same text is never sealed the same way twice', () => {
  const key = Buffer.alloc(32, 7);
  assert.notDeepEqual(seal(key, Buffer.from('x'), 'row'), seal(key, Buffer.from('x'), 'row'));
});

test('a data key is wrapped for its owner by the master key', () => {
  const { key, wrapped } = keyring.createDataKey('idn_1');
  assert.deepEqual(keyring.unwrapDataKey(wrapped, 'idn_1'), key);
  assert.throws(() => keyring.unwrapDataKey(wrapped, 'idn_2'), SealError);
  assert.throws(() => other.unwrapDataKey(wrapped, 'idn_1'), SealError);
});

test('links are the same for the same registration and kind, and for nothing else', () => {
  assert.equal(keyring.linkId('reg_1', 'sms'), keyring.linkId('reg_1', 'sms'));
  const all = [
    keyring.linkId('reg_1', 'sms'),
    keyring.linkId('reg_1', 'kiosk'),
    keyring.linkId('reg_2', 'sms'),
    other.linkId('reg_1', 'sms'),
  ];
  assert.equal(new Set(all).size, 4);
  // 160 bits, safe in a URL
  for (const id of all) assert.match(id, /^[A-Za-z0-9_-]{27}$/);
});

test('indexes differ by purpose and by master key', () => {
  assert.deepEqual(keyring.indexOf('phone', '+420601234567'), keyring.indexOf('phone', '+420601234567'));
  assert.notDeepEqual(keyring.indexOf('phone', 'x'), keyring.indexOf('document', 'x'));
  assert.notDeepEqual(keyring.indexOf('phone', 'x'), other.indexOf('phone', 'x'));
  assert.notEqual(keyring.fingerprint, other.fingerprint);
});

test('secrets of any length compare without throwing', () => {
  assert.equal(sameSecret('a', 'a'), true);
  assert.equal(sameSecret('a', 'ab'), false);
  assert.equal(sameSecret('', 'a'), false);
});
