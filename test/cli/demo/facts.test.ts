import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '../../../src/cli/demo/customer-view.js';
import { factsOf } from '../../../src/cli/demo/facts.js';
import { messageBox } from '../../../src/cli/demo/message-box.js';
import { createScreen, wrap } from '../../../src/cli/demo/screen.js';

const link = 'https://127.0.0.1:7743/v/abcdefghijklmnopqrstuvwxyz0';
const invitation = { sid: 'SM1', to: '+420601000001', body: `Swift Coins: verify yourself: ${link}` };
const outcome = { sid: 'SM2', to: '+420601000001', body: 'Swift Coins: you are registered.' };

const asked: CustomerView = {
  registrationId: 'reg_01m7yyw6d8xap6v56h5rntcyyh',
  phone: '+420601000001',
  organization: 'Swift Coins',
  vendor: 'onfido',
  automatic: true,
  linkMinutes: 90,
  applicantRef: null,
  visit: null,
  opened: false,
  attempts: [{ attempt: 1, uploads: [], submitted: false, checkRef: null, webhook: null }],
  status: 'created',
  result: null,
  meaning: '',
  reason: null,
  identityStatus: 'pending',
  texts: [],
  mirrored: 'pending',
  link,
};
const complete = {
  attempt: 1,
  uploads: ['documents', 'live_photos'],
  submitted: true,
  checkRef: '11111111-0000-4000-8000-000000000000',
  webhook: 200,
};
const registered: CustomerView = {
  ...asked,
  applicantRef: '22222222-0000-4000-8000-000000000000',
  visit: 'sms',
  opened: true,
  attempts: [complete],
  status: 'decided',
  result: 'CLEAR',
  reason: 'Everything is clear.',
  identityStatus: 'registered',
  texts: [invitation, outcome],
  mirrored: 'approved',
};
const steps = (customer: CustomerView) => factsOf(customer).map(({ step }) => step);

test('nothing is told before it happened', () => {
  assert.deepEqual(steps(asked), [1]);
  // the text may be quicker than the applicant; it waits for its turn
  assert.deepEqual(steps({ ...asked, texts: [invitation] }), [1]);
  const prepared = { ...asked, applicantRef: '2-1', texts: [invitation] };
  assert.deepEqual(steps(prepared), [1, 2, 3, 4]);
  assert.deepEqual(steps({ ...prepared, visit: 'sms' }), [1, 2, 3, 4, 5]);
  const half = [{ ...complete, uploads: ['documents'], checkRef: null, webhook: null }];
  assert.deepEqual(steps({ ...prepared, visit: 'sms', attempts: half }), [1, 2, 3, 4, 5]);
});

test('a whole way has the ten steps in their order, and the last text ends it', () => {
  const facts = factsOf(registered);
  assert.deepEqual(steps(registered), [1, 2, 3, 4, 5, 6, 7, 8, 9, null, 10]);
  assert.deepEqual(
    facts.filter(({ ends }) => ends).map(({ step }) => step),
    [10],
  );
  assert.equal(new Set(facts.map(({ key }) => key)).size, facts.length);
});

test('what was told stays the same thing as more happens', () => {
  const before = factsOf({ ...registered, attempts: [{ ...complete, webhook: null }], status: 'submitted' });
  const after = new Set(factsOf(registered).map(({ key }) => key));
  for (const { key } of before) assert.ok(after.has(key), key);
});

test('a second attempt is invited to by the text and told like the first', () => {
  const again = { ...invitation, sid: 'SM2' };
  const attempts = [complete, { attempt: 2, uploads: [], submitted: false, checkRef: null, webhook: null }];
  const resubmission = { ...registered, status: 'link_sent', attempts, texts: [invitation, again] };
  assert.deepEqual(steps(resubmission), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(factsOf(resubmission).at(-1)?.invites, true);
  const second = { ...registered, attempts: [complete, { ...complete, attempt: 2 }] };
  const texts = [invitation, again, { ...outcome, sid: 'SM3' }];
  assert.deepEqual(steps({ ...second, texts }).slice(10), [6, 7, 8, 9, null, 10]);
});

test('a deadline is no mapping, and a link sent once more no outcome', () => {
  const late = { ...asked, applicantRef: '2-1', status: 'expired', texts: [invitation, outcome] };
  assert.deepEqual(steps(late), [1, 2, 3, 4, null, 10]);
  const resent = { ...asked, applicantRef: '2-1', texts: [invitation, { ...invitation, sid: 'SM2' }] };
  assert.deepEqual(steps(resent), [1, 2, 3, 4, 4]);
});

test('colours are for terminals that want them', () => {
  const tinted = (isTTY: boolean, env: Record<string, string>) =>
    createScreen({ stdout: { isTTY } as never, env }).tint('red', 'x');
  assert.notEqual(tinted(true, {}), 'x');
  assert.equal(tinted(true, { NO_COLOR: '1' }), 'x');
  assert.equal(tinted(true, { TERM: 'dumb' }), 'x');
  assert.equal(tinted(false, {}), 'x');
});

test('a message box fits its screen and keeps its link whole', () => {
  for (const columns of [40, 60, 80, 140]) {
    const screen = createScreen({ stdout: { isTTY: false, columns } as never, env: {} });
    const lines = messageBox(invitation, screen, 27);
    assert.equal(new Set(lines.map(line => line.length)).size, 1, 'the box is a box');
    assert.ok(lines.every(line => line.length <= columns));
    if (columns >= 60) assert.ok(lines.some(line => line.includes(link)));
  }
});

test('texts are broken at spaces, and words only where they must be', () => {
  assert.deepEqual(wrap('one two  three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('a abcdefgh', 4), ['a', 'abcd', 'efgh']);
  assert.deepEqual(wrap('', 4), []);
});
