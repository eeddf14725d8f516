/**
 * Any order, over the real stores: deliveries, hints, uploads, deadlines, re-deliveries, faults and restarts in any
 * sequence end in what the provider says last; with people's decisions mixed in, the last person's decision stands.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Findings } from '../../src/domain/findings.js';
import type { PersonAction } from '../../src/domain/registration.js';
import { concern, documentReport, faceReport, findings } from '../domain/findings-for-tests.js';
import { type Box, type Case, startBox } from './box.js';

const minute = 60_000;
const runs = Number(process.env.ANY_ORDER_RUNS ?? 40);

interface Word {
  readonly findings: Findings;
  /** what it makes of the customer, when it is the provider's last */
  readonly standing: { readonly identity: string; readonly status: string; readonly result: string };
}

const rejected = concern('document_image', 'rejected');
const suspected = concern('police_record', 'suspected');
const words = {
  clear: {
    findings: findings(),
    standing: { identity: 'registered', status: 'decided', result: 'CLEAR' },
  },
  suspected: {
    findings: findings({ verdict: 'not_clear', reports: [documentReport(suspected), faceReport()] }),
    standing: { identity: 'rejected', status: 'decided', result: 'SUSPECTED_POLICE_RECORD' },
  },
  unreadable: {
    findings: findings({ verdict: 'not_clear', reports: [documentReport(rejected), faceReport()] }),
    standing: { identity: 'rejected', status: 'decided', result: 'REJECTED_IMAGE_INTEGRITY' },
  },
  incomplete: {
    findings: findings({ reports: [documentReport()], missingReports: ['report'] }),
    standing: { identity: 'awaiting_registration', status: 'in_review', result: 'UNKNOWN' },
  },
} satisfies Record<string, Word>;

type Step =
  | { readonly kind: 'upload' | 'hint' | 'restart' | 'fault' }
  /** the provider moves on to its next word, with or without telling us */
  | { readonly kind: 'move'; readonly told: boolean }
  /** a delivery, new or a copy of an earlier one */
  | { readonly kind: 'deliver'; readonly action: string; readonly copy: number }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'settle' }
  | { readonly kind: 'person'; readonly action: PersonAction };

const machineStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ kind: 'upload' }, { kind: 'hint' }, { kind: 'restart' }, { kind: 'fault' }),
  fc.boolean().map(told => ({ kind: 'move', told }) as const),
  fc.record({
    kind: fc.constant('deliver' as const),
    action: fc.constantFrom('check.completed', 'check.reopened', 'check.withdrawn'),
    copy: fc.integer({ min: 0, max: 2 }),
  }),
  fc.constantFrom(1, 9, 95).map(minutes => ({ kind: 'pass', minutes }) as const),
  fc.constant<Step>({ kind: 'settle' }),
);

const story = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('clear', 'suspected', 'unreadable', 'incomplete') },
    { weight: 1, arbitrary: fc.constantFrom('reopened', 'pending') },
  ),
  { maxLength: 3 },
);
const lastWord = fc.constantFrom<keyof typeof words>('clear', 'suspected', 'unreadable', 'incomplete');

function said(word: string): Findings {
  if (word === 'reopened' || word === 'pending')
    return findings({ state: word, verdict: 'none', reports: [] });
  return words[word as keyof typeof words].findings;
}

/** Plays a sequence and then lets the provider say its last word, found by a delivery or by asking. */
async function play(
  box: Box,
  steps: readonly Step[],
  provider: { readonly story: readonly string[]; readonly last: keyof typeof words; readonly told: boolean },
): Promise<Case> {
  const customer = box.begin();
  const { truth } = customer;
  const ahead = [...provider.story];
  // each word of the provider is told in bytes of its own, as its moment is part of them
  let wordsSaid = 100;
  truth.findings = said('pending');
  const move = (word: string | undefined, told: boolean) => {
    if (word === undefined || truth.checkRef === null) return;
    truth.findings = said(word);
    if (told) box.deliver(customer, word === 'reopened' ? 'check.reopened' : 'check.completed', wordsSaid++);
  };
  for (const step of steps) {
    if (step.kind === 'upload') truth.uploaded = true;
    else if (step.kind === 'hint') box.hint(customer);
    else if (step.kind === 'restart') box.restart();
    else if (step.kind === 'fault') box.failures += 1;
    else if (step.kind === 'move') move(truth.checkRef === null ? undefined : ahead.shift(), step.told);
    else if (step.kind === 'deliver') box.deliver(customer, step.action, step.copy);
    else if (step.kind === 'pass') await box.pass(step.minutes * minute);
    else if (step.kind === 'person') box.decide(customer, step.action);
    else await box.settle();
  }
  truth.uploaded = true;
  box.hint(customer);
  await box.pass(5 * minute);
  // whatever came before, the newest reading must be newer
  box.clock.advance(1);
  move(provider.last, true);
  await box.pass(provider.told ? 10 * minute : 5 * minute);
  return customer;
}

test('whatever the order, the provider’s last word decides', { timeout: 200_000 }, async t => {
  const box = startBox(t);
  const sequence = fc.array(machineStep, { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(sequence, story, lastWord, fc.gen(), async (steps, words_, last, g) => {
      const provider = { story: words_, last, told: true };
      const repeated = [...steps, ...steps.slice(0, 2)];
      const shuffled = g(() => fc.shuffledSubarray(repeated, { minLength: repeated.length }));
      for (const order of [steps, shuffled]) {
        const customer = await play(box, order, provider);
        assert.deepEqual(box.standing(customer), words[last].standing, JSON.stringify(order));
      }
    }),
    { numRuns: runs },
  );
});

const decided: Readonly<Record<PersonAction, string>> = {
  register: 'registered',
  reject: 'rejected',
  again: 'unknown',
};

test('with people’s decisions mixed in, the last person’s decision stands', { timeout: 200_000 }, async t => {
  const box = startBox(t);
  const person = fc
    .constantFrom<PersonAction>('register', 'reject', 'again')
    .map(action => ({ kind: 'person', action }) as const);
  const sequence = fc.array(
    fc.oneof({ weight: 3, arbitrary: machineStep }, { weight: 1, arbitrary: person }),
    {
      minLength: 1,
      maxLength: 9,
    },
  );
  await fc.assert(
    fc.asyncProperty(sequence, story, lastWord, person, async (steps, words_, last, decision) => {
      const all: Step[] = [...steps, decision];
      const customer = await play(box, all, { story: words_, last, told: true });
      assert.equal(box.standing(customer).identity, decided[decision.action], JSON.stringify(all));
    }),
    { numRuns: runs },
  );
});

test('a last word that nobody delivers is found by asking', { timeout: 100_000 }, async t => {
  const box = startBox(t);
  for (const last of Object.keys(words) as (keyof typeof words)[]) {
    const customer = box.begin();
    customer.truth.findings = said('pending');
    customer.truth.uploaded = true;
    box.hint(customer);
    await box.settle();
    customer.truth.findings = said(last);
    await box.pass(11 * minute);
    assert.deepEqual(box.standing(customer), words[last].standing);
  }
});
