/**
 * Compares what is stored, at the vendors and on the phones with what was answered and planned. To be asked when
 * everything is over and no gateway runs.
 */
import { createKeyring } from '../../src/runtime/keyring.js';
import { countArrived } from '../../src/store/arrivals.js';
import { contentKeyOf } from '../../src/store/deliveries.js';
import { openStore, type Store } from '../../src/store/store.js';
import { secrets } from '../support/installation.js';
import { judgeCustomer } from './judge-customer.js';
import type { Ledger } from './ledger.js';
import type { ChaosWorld } from './world.js';

/** What did not hold, in words. */
export interface Judgement {
  /** answered with 2xx and gone */
  readonly lost: readonly string[];
  /** done once more at a vendor, or told twice */
  readonly repeated: readonly string[];
  /** everything else that is not as predicted */
  readonly wrong: readonly string[];
}

/** Where findings are put. */
export interface Findings {
  lost(what: string): void;
  repeated(what: string): void;
  wrong(what: string): void;
}

/** Judges it all. */
export async function judge(world: ChaosWorld, ledger: Ledger): Promise<Judgement> {
  const found = { lost: [] as string[], repeated: [] as string[], wrong: [...ledger.troubles] };
  const findings: Findings = {
    lost: what => found.lost.push(what),
    repeated: what => found.repeated.push(what),
    wrong: what => found.wrong.push(what),
  };
  const keyring = createKeyring(Buffer.from(secrets.GATEHOUSE_MASTER_KEY, 'hex'));
  const store = openStore(world.installation.dataDir, keyring, world.now());
  try {
    judgeFiles(store, findings);
    judgeDeliveries(store, world, ledger, findings);
    judgeJobs(store, findings);
    judgeVendors(world, findings);
    for (const plan of ledger.plans) await judgeCustomer({ store, world, ledger, findings }, plan);
  } finally {
    store.close();
  }
  return found;
}

function judgeFiles(store: Store, findings: Findings): void {
  for (const [name, db] of [
    ['gatehouse.db', store.main],
    ['inbox.db', store.inbox],
  ] as const) {
    const said = db.raw.pragma('integrity_check', { simple: true });
    if (said !== 'ok') findings.wrong(`${name}: ${said}`);
    const orphans = db.raw.pragma('foreign_key_check') as unknown[];
    if (orphans.length > 0) findings.wrong(`${name}: ${orphans.length} rows refer to nothing`);
  }
}

/** Every delivery that anybody saw answered with 2xx has its row. */
function judgeDeliveries(store: Store, world: ChaosWorld, ledger: Ledger, findings: Findings): void {
  const known = store.inbox.raw.prepare('SELECT times FROM deliveries WHERE content_key = ?').pluck();
  const senders = { 1: world.onfido, persona: world.persona, jumio: world.jumio };
  const sent = Object.entries(senders).flatMap(([organization, { deliveries }]) =>
    deliveries
      .filter(({ status }) => status !== null && status < 300)
      .map(({ action, body }) => ({ organization, action, body })),
  );
  for (const { organization, body, action } of [...sent, ...ledger.deliveries])
    if (known.get(contentKeyOf(organization, Buffer.from(body))) === undefined)
      findings.lost(`a delivery of ${action} to ${organization}`);
  const waiting = store.inbox.raw.prepare('SELECT count(*) FROM deliveries WHERE outcome IS NULL').pluck();
  const unseen = Number(waiting.get()) + countArrived(store.inbox);
  if (unseen > 0) findings.wrong(`${unseen} deliveries were never looked at`);
  const twice = store.inbox.raw
    .prepare('SELECT count(*) FROM (SELECT 1 FROM deliveries GROUP BY content_key HAVING count(*) > 1)')
    .pluck();
  if (Number(twice.get()) > 0) findings.repeated(`${twice.get()} deliveries have more than one row`);
}

function judgeJobs(store: Store, findings: Findings): void {
  const rows = store.main.raw
    .prepare("SELECT kind, state, last_error FROM jobs WHERE state IN ('dead', 'running')")
    .all() as { kind: string; state: string; last_error: string }[];
  for (const { kind, state, last_error } of rows)
    findings.wrong(`a job of kind ${kind} is ${state}: ${last_error}`);
}

/** What no vendor may have twice, whoever it belongs to. */
function judgeVendors(world: ChaosWorld, findings: Findings): void {
  const { checks, runs, webhooks } = world.onfido.state() as unknown as {
    checks: { wire: { tags: string[] } }[];
    runs: { wire: { tags: string[] } }[];
    webhooks: { name: string }[];
  };
  const marks = [...checks, ...runs].map(({ wire }) => wire.tags.find(tag => tag.startsWith('gatehouse:')));
  for (const mark of twiceIn(marks)) findings.repeated(`more than one check at the provider for ${mark}`);
  for (const name of twiceIn(webhooks.map(webhook => webhook.name)))
    findings.repeated(`more than one webhook ${name}`);
  // Persona is asked under a key of the check's own, and under another one once an error was answered: an inquiry whose
  // making was not answered before that is left behind, and nobody has the link into it
  const { calls, inquiries } = world.persona;
  const failed = calls.some(({ status, lost }) => lost || (status ?? 0) >= 429);
  const counting = [...inquiries.values()].filter(
    ({ attributes: { status } }) => !failed || status !== 'created',
  );
  const notes = counting.map(({ attributes }) => String(attributes.note));
  for (const check of twiceIn(notes)) findings.repeated(`more than one inquiry at Persona for ${check}`);
  // at Jumio a lost link may leave a run that nobody ever goes through
  const done = world.jumio.state().workflows.filter(({ status }) => status === 'PROCESSED');
  for (const mark of twiceIn(done.map(({ userReference }) => userReference)))
    findings.repeated(`more than one run at Jumio was gone through for ${mark}`);
}

/** What a list has more than once. */
export function twiceIn<T>(list: readonly T[]): T[] {
  return [...new Set(list.filter((each, place) => list.indexOf(each) !== place))];
}
