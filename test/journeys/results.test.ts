/** Every row of the result table, from the kiosk's request to the last SMS. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { familyOf, isResult, type Result } from '../../src/domain/results.js';
import { type OutcomeName, outcomes } from '../../src/simulators/onfido/index.js';
import type { Kiosk } from '../support/kiosk.js';
import { alertsAbout, openCauses } from '../support/records.js';
import { capture, kindsTo, newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

interface Row {
  readonly name: string;
  readonly outcome: OutcomeName;
  readonly organization: 'automatic' | 'manual' | 'strict';
  readonly result: Result;
  readonly phone: string;
  id: string;
}

const resultNamed = (name: string) => name.toUpperCase().replaceAll('-', '_');
const named = (Object.keys(outcomes) as OutcomeName[]).filter(name => isResult(resultNamed(name)));

function rowOf(outcome: OutcomeName, organization: Row['organization'], result?: Result): Row {
  const meant = result ?? (resultNamed(outcome) as Result);
  const name = `${outcome}, ${organization}`;
  return { name, outcome, organization, result: meant, phone: newPhone(), id: '' };
}

const rows: readonly Row[] = [
  ...named.map(outcome => rowOf(outcome, outcome === 'suspected-face-comparison' ? 'strict' : 'automatic')),
  rowOf('clear', 'manual'),
  rowOf('caution', 'manual'),
  rowOf('rejected', 'manual'),
  rowOf('suspected', 'manual'),
  rowOf('unknown', 'manual'),
  rowOf('facial-spoof', 'strict', 'SUSPECTED_VISUAL_CONSISTENCY'),
  rowOf('contradiction-clear', 'automatic', 'CAUTION'),
  rowOf('contradiction-consider', 'automatic', 'CAUTION'),
  rowOf('unknown-missing-report', 'automatic', 'UNKNOWN'),
  rowOf('unknown-withdrawn-report', 'automatic', 'UNKNOWN'),
];

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, {
    organizations: [
      {},
      { id: 'manual', autoRegistration: false, onfido: { apiToken: { secret: 'ONFIDO_API_TOKEN' } } },
      { id: 'strict', onfido: { apiToken: { secret: 'ONFIDO_API_TOKEN' }, strictFace: true } },
    ],
  });
  const kiosks: Record<Row['organization'], Kiosk> = {
    automatic: world.kiosk,
    manual: await world.addKiosk('Lobby', 'manual'),
    strict: await world.addKiosk('Lobby', 'strict'),
  };
  for (const row of rows) {
    const { phone, outcome, organization } = row;
    row.id = await capture(world, { phone, outcome, kiosk: kiosks[organization] });
  }
  await world.pass(5_000);
});

/** What design's table says about a row, put down once more by hand. */
function expected({ result, organization }: Row) {
  const awaiting = { status: 'in_review', identity: 'awaiting_registration', text: 'awaiting' };
  switch (familyOf(result)) {
    case 'clear':
      return organization === 'manual'
        ? { ...awaiting, cause: 'not_automatic' }
        : { status: 'decided', identity: 'registered', text: 'registered', cause: null };
    case 'suspected':
      return { status: 'decided', identity: 'rejected', text: 'rejected', cause: null };
    case 'rejected':
      return { status: 'decided', identity: 'rejected', text: 'rejected_retry', cause: null };
    case 'caution':
      return { ...awaiting, cause: 'caution' };
    default:
      return { ...awaiting, cause: 'unknown' };
  }
}

for (const row of rows) {
  const meant = expected(row);
  test(`${row.name}: ${row.result} makes the identity ${meant.identity} and texts "${meant.text}"`, async () => {
    const { registration } = world.stored(row.id);
    assert.deepEqual(
      [registration.result, registration.status, world.identityStatus(row.id)],
      [row.result, meant.status, meant.identity],
    );
    assert.deepEqual(kindsTo(world, row.phone), ['link', meant.text]);
    assert.deepEqual(openCauses(world, row.id), meant.cause === null ? [] : [meant.cause]);
    assert.deepEqual(alertsAbout(world, row.id), row.result === 'UNKNOWN' ? ['result_unknown'] : []);
  });
}

test('whoever may try again is told why', () => {
  const why: Partial<Record<Result, RegExp>> = {
    REJECTED: /the document cannot be accepted/,
    REJECTED_AGE_VALIDATION: /the age limit is not met/,
    REJECTED_IMAGE_INTEGRITY: /the pictures cannot be read/,
  };
  for (const row of rows.filter(({ result }) => familyOf(result) === 'rejected')) {
    const told = world.texts(row.phone).at(-1)?.body ?? '';
    assert.match(told, why[row.result] ?? /nothing/);
    assert.match(told, /start over/);
  }
});

test('a refusal for signs of fraud tells neither the reason nor how to try again', () => {
  for (const row of rows.filter(({ result }) => familyOf(result) === 'suspected')) {
    const told = world.texts(row.phone).at(-1)?.body ?? '';
    assert.doesNotMatch(told, /try|again|because|fraud|document|https/i);
  }
});

test('the kiosk reads result, reason and reason codes, and no personal data', async () => {
  const row = rows.find(({ outcome }) => outcome === 'suspected-data-validation');
  const told = await world.kiosk.registration(row?.id ?? '');
  assert.deepEqual(
    [told.result, told.reasonCodes],
    ['SUSPECTED_DATA_VALIDATION', ['document.data_validation.mrz']],
  );
  assert.match(told.reason ?? '', /machine/i);
  assert.doesNotMatch(JSON.stringify(told), /Customer|Unnamed|777|1990-01-01/);
});

test('nobody was texted a name', () => {
  for (const { body } of world.texts()) assert.doesNotMatch(body, /Unnamed|Customer/);
});

test('nothing of the customers is in the log', () => {
  assert.doesNotMatch(world.log.text(), /\+?420777|1990-01-01|Zk4wQxV7cNe|BEGIN/);
});
