import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { createPersona } from '../../../src/providers/persona/index.js';
import { TestClock } from '../../support/clock.js';
import { providerContract } from '../contract.js';
import { settings } from './workshop.js';

const clock = new TestClock();

function digest(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

const signed = {
  documented(body: string, secret: string) {
    const t = Math.floor(clock.now() / 1000);
    return { 'persona-signature': `t=${t},v1=${digest(`${t}.${body}`, secret)}` };
  },
  'as the Ory setup has it': (body: string, secret: string) => ({
    'x-persona-signature': digest(body, secret),
  }),
};

const body = JSON.stringify({
  data: {
    type: 'event',
    id: 'evt_1',
    attributes: {
      name: 'inquiry.approved',
      payload: { data: { type: 'inquiry', id: 'inq_1', attributes: { status: 'approved' } } },
    },
  },
});

for (const [form, sign] of Object.entries(signed))
  providerContract(`persona, signature ${form}`, {
    build: (outbound, tokens) => createPersona(settings, { outbound, clock, tokens: () => tokens }),
    sign,
    body,
    checkRef: 'inq_1',
  });

const silent = {
  request: () => Promise.reject(new Error('nothing is sent')),
  close: () => Promise.resolve(),
};

function build(changes: Partial<typeof settings> = {}) {
  return createPersona({ ...settings, ...changes }, { outbound: silent, clock, tokens: () => ['found'] });
}

test('configured secrets and those found later both count', () => {
  const persona = build({ webhookTokens: ['new', 'old'] });
  const verify = (secret: string) =>
    persona.verify({ raw: Buffer.from(body), headers: signed.documented(body, secret) });
  assert.deepEqual(['new', 'old', 'found', 'other'].map(verify), ['genuine', 'genuine', 'genuine', 'forged']);
});

test('the start button may lead to Persona’s own pages and nowhere else', () => {
  assert.deepEqual(build().page, {
    kind: 'redirect',
    workflow: true,
    asksConsent: true,
    sources: { 'form-action': ['https://withpersona.com', 'https://*.withpersona.com'] },
  });
  assert.deepEqual(build({ apiBase: 'http://127.0.0.1:4030/api/v1' }).page.sources, {
    'form-action': ['http://127.0.0.1:4030'],
  });
});

test('an applicant is a reference of ours: unguessable, never the same twice, and nothing is sent for it', async () => {
  const persona = build();
  const { signal } = new AbortController();
  const request = { firstName: 'A', lastName: 'B' };
  const made = await Promise.all([1, 2].map(() => persona.createApplicant(request, signal)));
  assert.equal(new Set(made).size, 2);
  for (const reference of made) assert.match(reference, /^gh_[0-9a-f]{32}$/);
  await persona.updateApplicant(made[0] ?? '', { ipAddress: '192.0.2.1', consentGiven: true }, signal);
  await persona.resend(['inq_1'], signal);
});

test('no inquiry is ever taken for ours because of what it says about itself', () => {
  const persona = build();
  assert.equal(persona.recordedOnly, true);
  const snapshot = {
    checkRef: 'inq_1',
    applicantRef: `gh_${'0'.repeat(32)}`,
    body: { kind: 'inquiry', inquiry: { status: 'approved', note: 'gatehouse chk_1-1' } },
  };
  assert.equal(persona.owner(snapshot), null);
});
