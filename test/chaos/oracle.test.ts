/** The oracle is shown to see: each thing that may go wrong is done to a world in which all went well. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import Database from 'better-sqlite3';
import type { JumioSimulator } from '../../src/simulators/jumio/index.js';
import { endsOfFile } from '../support/world.js';
import { comeToRest } from './campaign.js';
import { createLedger, type Ledger } from './ledger.js';
import { judge } from './oracle.js';
import type { Plan } from './plan.js';
import { walk } from './walk.js';
import { type ChaosWorld, startChaosWorld } from './world.js';

const usual: Plan = {
  number: 1,
  phone: '+420777100001',
  organization: '1',
  habit: 'finishes',
  outcomes: ['clear'],
  via: 'sms',
  notify: 'sms',
  phoneVerified: false,
  named: true,
  kratos: true,
  impatient: false,
};
const plans: readonly Plan[] = [
  usual,
  { ...usual, number: 2, phone: '+420777100002', outcomes: ['rejected-image-integrity', 'caution'] },
  { ...usual, number: 3, phone: '+420777100003', organization: 'studio', outcomes: ['studio-approved'] },
  { ...usual, number: 4, phone: '+420777100004', organization: 'external', habit: 'never_submits' },
  { ...usual, number: 5, phone: '+420777100005', habit: 'walks_away' },
  {
    ...usual,
    number: 6,
    phone: '+420777100006',
    organization: 'persona',
    outcomes: ['failed_blurred', 'approved'],
  },
  {
    ...usual,
    number: 7,
    phone: '+420777100007',
    organization: 'jumio',
    outcomes: ['passed'],
    habit: 'never_submits',
  },
];

let world: ChaosWorld;
let ledger: Ledger;
const ends = endsOfFile();

before(async () => {
  world = await startChaosWorld();
  ends.after(() => world.close());
  ledger = createLedger();
  await world.begin().ready;
  await Promise.all(plans.map(plan => walk(world, plan, ledger)));
  await world.kill();
  await comeToRest(world, ledger);
});

/** Changes rows behind everybody's back and takes it back after the verdict. */
async function judgeAfter(change: string, file = 'gatehouse.db') {
  const db = new Database(join(world.installation.dataDir, file));
  const before = db.serialize();
  try {
    db.unsafeMode();
    db.pragma('foreign_keys = OFF');
    db.exec(change);
    db.close();
    return await judge(world, ledger);
  } finally {
    const path = join(world.installation.dataDir, file);
    for (const rest of ['', '-wal', '-shm']) rmSync(`${path}${rest}`, { force: true });
    writeFileSync(path, before);
  }
}

test('where nothing went wrong nothing is found', async () => {
  assert.deepEqual(await judge(world, ledger), { lost: [], repeated: [], wrong: [] });
});

test('a delivery that is gone is lost', async () => {
  const { lost } = await judgeAfter('DELETE FROM deliveries WHERE id = 1', 'inbox.db');
  assert.match(lost.join(), /a delivery of [a-z_]+\.[a-z]+ to (1|persona)/);
});

test('a registration that is gone is lost', async () => {
  const { lost } = await judgeAfter(
    'DELETE FROM registrations WHERE seq = (SELECT max(seq) FROM registrations)',
  );
  assert.equal(lost.length, 1);
});

test('that a customer was let in, handed a run or done with the capture is not forgotten unseen', async () => {
  assert.match((await judgeAfter('UPDATE registrations SET opened_by_sms = 0')).lost.join(), /let in/);
  assert.match((await judgeAfter('UPDATE checks SET check_ref = id')).lost.join(), /the run of/);
  assert.match((await judgeAfter('UPDATE checks SET submitted = 0')).lost.join(), /end of the capture/);
});

test('a picture without its file is lost', async () => {
  const { lost } = await judgeAfter("UPDATE documents SET file = 'elsewhere' WHERE id = 1");
  assert.match(lost.join(), /a picture/);
});

test('any other end than the one meant is wrong', async () => {
  for (const change of [
    "UPDATE identities SET status = 'registered'",
    "UPDATE registrations SET status = 'in_review' WHERE status = 'decided'",
    'DELETE FROM review_cases',
    "UPDATE jobs SET state = 'dead' WHERE kind = 'read'",
    "UPDATE notices SET status = 'queued'",
    "INSERT INTO alerts (code, subject, at) SELECT 'result_unknown', id, 1 FROM registrations",
  ])
    assert.notDeepEqual((await judgeAfter(change)).wrong, [], change);
});

test('a second text is a repetition, whether somebody knows of it or not', async () => {
  const { repeated } = await judgeAfter("UPDATE notices SET vendor_ref = NULL WHERE kind = 'registered'");
  assert.match(repeated.join(), /a text that nobody knows of/);
  const many = await judgeAfter(
    "UPDATE notices SET kind = 'link' WHERE registration_id = (SELECT id FROM registrations LIMIT 1)",
  );
  assert.match(many.repeated.join(), /the text "link" more than once/);
});

test('a second inquiry for a check is a repetition, and a second run that was gone through', async () => {
  const inquiries = world.persona.inquiries as Map<string, unknown>;
  const [first] = inquiries.values();
  assert.ok(first);
  inquiries.set('inq_another', first);
  const twice = await judge(world, ledger);
  inquiries.delete('inq_another');
  assert.match(twice.repeated.join(), /more than one inquiry/);
  const [run] = world.jumio.state().workflows;
  assert.ok(run);
  const jumio: JumioSimulator = {
    ...world.jumio,
    state: () => ({ accounts: [], workflows: [run, { ...run, id: 'another' }] }),
  };
  assert.match((await judge({ ...world, jumio }, ledger)).repeated.join(), /more than one run at Jumio/);
});

test('what Kratos has otherwise is wrong', async () => {
  const [first] = world.kratos.identities.values();
  assert.ok(first);
  const kept = first.metadata_public;
  first.metadata_public = { onfido: { status: 'pending' } };
  const { wrong } = await judge(world, ledger);
  first.metadata_public = kept;
  assert.match(wrong.join(), /pending in Kratos/);
});

test('a damaged file is seen', async () => {
  const { wrong } = await judgeAfter(
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'jobs_dead'",
  );
  assert.match(wrong.join(), /gatehouse\.db/);
});
