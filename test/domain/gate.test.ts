import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mayAttempt } from '../../src/domain/attempts.js';
import { askGate, type GateFacts, gateMessageIds, isLegacyDecline } from '../../src/domain/gate.js';
import { identityStatuses } from '../../src/domain/identity.js';
import { nilKratosId, readKratosId } from '../../src/domain/kratos-id.js';
import { phaseOf, phases, type Standing, standingOf, type Told } from '../../src/domain/phase.js';
import { registrationStatuses } from '../../src/domain/registration.js';
import { familyOf, type Result, results } from '../../src/domain/results.js';

const standings: readonly Standing[] = [...phases, 'none'];
const anyStanding = fc.constantFrom(...standings);
const anyFacts: fc.Arbitrary<GateFacts> = fc.record({
  standing: anyStanding,
  elsewhere: fc.array(anyStanding, { maxLength: 2 }),
  blocked: fc.boolean(),
  legacyDecline: fc.boolean(),
});
const nothing = { elsewhere: [], blocked: false, legacyDecline: false };

test('the gate opens for what the contract says and for nothing else', () => {
  const declined = (facts: GateFacts) =>
    facts.blocked || facts.legacyDecline || [facts.standing, ...facts.elsewhere].includes('rejected');
  fc.assert(
    fc.property(anyFacts, facts => {
      assert.equal(askGate('declined', facts).open, !declined(facts));
      assert.equal(askGate('approved', facts).open, !declined(facts) && facts.standing === 'registered');
    }),
    { numRuns: 5_000 },
  );
});

test('what opens under `approved` opens under `declined`', () => {
  fc.assert(
    fc.property(anyFacts, facts => !askGate('approved', facts).open || askGate('declined', facts).open),
  );
});

test('an approval elsewhere never opens the gate of the provider that is asked about', () => {
  for (const standing of standings.filter(word => word !== 'registered'))
    assert.equal(askGate('approved', { ...nothing, standing, elsewhere: ['registered'] }).open, false);
});

const told: readonly (readonly [Standing, number, boolean])[] = [
  ['created', 9410001, true],
  ['submitted', 9410001, true],
  ['awaiting', 9410002, false],
  ['rejected', 9410003, false],
  ['retry', 9410003, true],
  ['expired', 9410004, true],
  ['failed', 9410004, true],
  ['none', 9410004, true],
];

for (const [standing, id, resume] of told)
  test(`${standing} is told as ${id}, ${resume ? 'with' : 'without'} a link`, () => {
    const answer = askGate('approved', { ...nothing, standing });
    assert.ok(!answer.open);
    assert.deepEqual([gateMessageIds[answer.message], answer.resume], [id, resume]);
  });

test('a link is never given after a final decline, wherever it was', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom('declined', 'approved'), (facts, rule) => {
      const answer = askGate(rule, facts);
      const final = facts.blocked || facts.legacyDecline || facts.elsewhere.includes('rejected');
      if (!answer.open && (final || facts.standing === 'rejected')) {
        assert.equal(answer.resume, false);
        assert.equal(answer.message, 'declined');
      }
    }),
  );
});

test('flat keys of older setups close only: a decline in any case, and nothing else', () => {
  for (const word of ['rejected', 'Declined', ' FAILED ', 'denied'])
    assert.equal(isLegacyDecline(word), true);
  for (const word of [
    'verified',
    'approved',
    'PASSED',
    'initiated',
    'pending',
    '',
    null,
    1,
    {},
    ['rejected'],
  ])
    assert.equal(isLegacyDecline(word), false);
});

const anyTold: fc.Arbitrary<Told> = fc.record({
  status: fc.constantFrom(...registrationStatuses),
  person: fc.option(fc.record({ action: fc.constantFrom('register', 'reject', 'again'), at: fc.nat() })),
  result: fc.option(fc.constantFrom(...(Object.keys(results) as Result[]))),
});

test('nobody stands as registered but by the identity’s own status', () => {
  const known = fc.record({
    status: fc.constantFrom(...identityStatuses),
    source: fc.option(anyTold),
    newest: fc.option(anyTold),
    declined: fc.boolean(),
  });
  fc.assert(
    fc.property(known, person => {
      const standing = standingOf(person);
      assert.equal(standing === 'registered', person.status === 'registered' && !person.declined);
      if (person.declined) assert.equal(standing, 'rejected');
    }),
    { numRuns: 5_000 },
  );
});

test('signs of fraud are final, whatever was begun since', () => {
  const suspected = (Object.keys(results) as Result[]).filter(result => familyOf(result) === 'suspected');
  fc.assert(
    fc.property(fc.constantFrom(...suspected), fc.option(anyTold), (result, newest) => {
      const source = { status: 'decided', person: null, result } as const;
      assert.equal(phaseOf(source), 'rejected');
      assert.equal(standingOf({ status: 'rejected', source, newest, declined: false }), 'rejected');
    }),
  );
});

test('an attempt is made only where none is open and nothing is decided for good', () => {
  const rule = (standing: Standing, today = 0) => mayAttempt(standing, today, 3);
  for (const standing of ['created', 'submitted', 'awaiting'] as const)
    assert.equal(rule(standing, 9), 'existing');
  for (const standing of ['registered', 'rejected'] as const) assert.equal(rule(standing), 'closed');
  for (const standing of ['none', 'retry', 'expired', 'failed'] as const) {
    assert.equal(rule(standing, 2), 'new');
    assert.equal(rule(standing, 3), 'used_up');
  }
});

test('the nil id and whatever is no UUID are nobody', () => {
  assert.equal(readKratosId(nilKratosId), null);
  for (const text of ['', 'x', 7, null, undefined, {}, `${nilKratosId} `])
    assert.equal(readKratosId(text), null);
  fc.assert(fc.property(fc.uuid(), id => readKratosId(id.toUpperCase()) === id));
});
