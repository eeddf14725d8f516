import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSiteTokens } from '../../src/registration/site-tokens.js';
import { TestClock } from '../support/clock.js';

const minute = 60_000;
const owner = { organization: '1', id: 'reg_1' };

function begin() {
  const clock = new TestClock();
  const tokens = createSiteTokens(clock);
  const made = (token: string, lifeMs = 90 * minute) => {
    const askedAt = clock.now();
    return { token, askedAt, expiresAt: askedAt + lifeMs };
  };
  return { clock, tokens, made };
}

test('a token is given for an hour, and never after its end', () => {
  const { clock, tokens, made } = begin();
  const short = { organization: '1', id: 'reg_2' };
  tokens.keep(owner, made('long'));
  tokens.keep(short, made('short', 10 * minute));
  clock.advance(10 * minute - 1);
  assert.deepEqual([tokens.of(owner)?.token, tokens.of(short)?.token], ['long', 'short']);
  clock.advance(1);
  assert.deepEqual([tokens.of(owner)?.token, tokens.of(short)?.token], ['long', undefined]);
  clock.advance(50 * minute);
  assert.equal(tokens.of(owner), undefined);
});

test('nobody knows how old a token is that was made before the clock was set back', () => {
  const { clock, tokens, made } = begin();
  tokens.keep(owner, made('x'));
  clock.setBack(minute);
  assert.equal(tokens.of(owner), undefined);
});

test('a newer token takes the place of the older one, and is not forgotten with it', () => {
  const { tokens, made } = begin();
  const [older, newer] = [made('older'), made('newer')];
  tokens.keep(owner, older);
  tokens.keep(owner, newer);
  tokens.forget(owner, older);
  assert.equal(tokens.of(owner), newer);
  tokens.forget(owner, newer);
  assert.equal(tokens.of(owner), undefined);
});

test('so many wait for an organization’s site and no more; another organization has room', () => {
  const { clock, tokens, made } = begin();
  let kept = 0;
  for (; kept < 10_000 && tokens.hasRoom({ organization: '1', id: `reg_${kept}` }); kept++)
    tokens.keep({ organization: '1', id: `reg_${kept}` }, made('x'));
  assert.equal(kept, 2_000);
  assert.ok(tokens.hasRoom(owner), 'its own place is there');
  assert.ok(tokens.hasRoom({ organization: '2', id: 'reg_new' }));
  clock.advance(60 * minute);
  assert.ok(tokens.hasRoom({ organization: '1', id: 'reg_new' }), 'what is too old holds no place');
});
