/**
 * What is still elsewhere of people whose rows are gone here: at providers, in Kratos, in files. Kept sealed, only until
 * it is gone there too; the jobs that see to it know nothing but the id of the row.
 */
import type { NewJob } from '../domain/job.js';
import { newId } from '../runtime/ids.js';
import { sql } from './db.js';
import { addJob, hasJobs } from './jobs.js';
import type { Store } from './store.js';

/** One customer at a provider. */
export interface ErasedApplicant {
  readonly organization: string;
  readonly provider: string;
  readonly applicantRef: string;
  readonly checkRefs: readonly string[];
}

/** A place on a Kratos identity that the status was written to. */
export interface ErasedMirror {
  readonly kratosId: string;
  readonly organization: string;
  readonly provider: string;
}

/** All that is still known of somebody. */
export interface Remains {
  readonly identityId: string;
  readonly registrationIds: readonly string[];
  readonly applicants: readonly ErasedApplicant[];
  readonly mirrors: readonly ErasedMirror[];
}

interface Row {
  readonly remains_sealed: Buffer;
  readonly swept_at: number | null;
  readonly settled_at: number | null;
}

/** An erasure that is not done yet. */
export interface Erasure {
  readonly id: string;
  readonly remains: Remains;
  readonly sweptAt: number | null;
  readonly settledAt: number | null;
}

/** Keeps what is to be deleted elsewhere, with the jobs that do it. To be called inside a transaction. */
export function addErasure(store: Store, remains: Remains, now: number): string {
  const id = newId('era', now);
  const sealed = store.keyring.sealOwn(Buffer.from(JSON.stringify(remains)), contextOf(id));
  const row = { id, asked_at: now, remains_sealed: sealed, swept_at: null, settled_at: null };
  store.main.run(sql.insertInto('erasures').values(row));
  for (const job of [...jobsElsewhere(id, remains, now), remainsJob(id, remains, now)])
    addJob(store.main, job, now);
  return id;
}

/** The erasure with this id; undefined when it is done. */
export function findErasure({ main, keyring }: Store, id: string): Erasure | undefined {
  const row = main.one<Row>(sql.selectFrom('erasures').selectAll().where('id', '=', id));
  if (!row) return undefined;
  const remains = JSON.parse(keyring.openOwn(row.remains_sealed, contextOf(id)).toString()) as Remains;
  return { id, remains, sweptAt: row.swept_at, settledAt: row.settled_at };
}

/** Whether providers or Kratos still have something; what was given up counts, since a person may have it tried again. */
export function isElsewhere({ main }: Store, { id, remains }: Erasure): boolean {
  return hasJobs(
    main,
    jobsElsewhere(id, remains, 0).map(({ key }) => key),
  );
}

/** Remembers how far an erasure is. */
export function noteErasure(
  { main }: Store,
  id: string,
  note: { readonly sweptAt: number } | { readonly settledAt: number },
): void {
  const set = 'sweptAt' in note ? { swept_at: note.sweptAt } : { settled_at: note.settledAt };
  main.run(sql.updateTable('erasures').set(set).where('id', '=', id));
}

/** Forgets an erasure: it is done. */
export function removeErasure({ main }: Store, id: string): void {
  main.run(sql.deleteFrom('erasures').where('id', '=', id));
}

/** Lanes and keys of all jobs that were made about somebody. */
export function jobsAbout({ identityId, registrationIds, applicants }: Remains): {
  lanes: string[];
  keys: string[];
} {
  const refs = applicants.flatMap(({ checkRefs }) => checkRefs);
  return {
    lanes: [
      `provider:${identityId}`,
      `sms:${identityId}`,
      ...registrationIds.map(id => `site:${id}`),
      ...refs.map(ref => `resolve:${ref}`),
    ],
    keys: registrationIds.flatMap(id => [`mirror:${id}`, `restrict:${id}`, `compare:${id}`]),
  };
}

/** Keys of the jobs that find out whose deliveries are. */
export function jobsAboutDeliveries(ids: readonly number[]): { lanes: string[]; keys: string[] } {
  return { lanes: [], keys: ids.map(id => `resolve:${id}`) };
}

function jobsElsewhere(erasureId: string, remains: Remains, runAt: number): NewJob[] {
  const atProviders = remains.applicants.map(
    ({ provider, organization }, place): NewJob<'erase_at_provider'> => ({
      kind: 'erase_at_provider',
      key: `erase_at_provider:${erasureId}:${place}`,
      lane: laneOf(remains),
      receiver: `${provider}:${organization}`,
      payload: { erasureId, place },
      runAt,
    }),
  );
  const inKratos = remains.mirrors.map(
    ({ kratosId }, place): NewJob<'erase_in_kratos'> => ({
      kind: 'erase_in_kratos',
      key: `erase_in_kratos:${erasureId}:${place}`,
      // one writer for each identity there, as for the mirror
      lane: `kratos:${kratosId}`,
      receiver: 'kratos',
      payload: { erasureId, place },
      runAt,
    }),
  );
  return [...atProviders, ...inKratos];
}

function remainsJob(erasureId: string, remains: Remains, runAt: number): NewJob<'erase_remains'> {
  return {
    kind: 'erase_remains',
    key: `erase_remains:${erasureId}`,
    lane: laneOf(remains),
    receiver: 'erasure',
    payload: { erasureId },
    runAt,
    background: true,
  };
}

/** The lane of everything said to providers about the identity: what is still under way there ends first. */
function laneOf({ identityId }: Remains): string {
  return `provider:${identityId}`;
}

function contextOf(id: string): string {
  return `erasure ${id}`;
}
