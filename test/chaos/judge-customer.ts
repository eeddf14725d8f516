/** One customer's end: the rows, the provider, the phone, Kratos and the vault against the plan. */
import { createVault } from '../../src/effects/documents/vault.js';
import { sql } from '../../src/store/db.js';
import { documentsOf } from '../../src/store/documents.js';
import { findIdentity } from '../../src/store/identities.js';
import { noticesOf } from '../../src/store/notices.js';
import { registrationEventsAfter } from '../../src/store/registration-events.js';
import { findRegistration, type StoredRegistration } from '../../src/store/registrations.js';
import type { Store } from '../../src/store/store.js';
import type { Ledger } from './ledger.js';
import { type Findings, twiceIn } from './oracle.js';
import { type End, endOf, type Plan } from './plan.js';
import { kratosIdOf } from './walk.js';
import type { ChaosWorld, OrganizationId } from './world.js';

interface Court {
  readonly store: Store;
  readonly world: ChaosWorld;
  readonly ledger: Ledger;
  readonly findings: Findings;
}

/** What is known of one customer. */
interface Case extends Court {
  readonly plan: Plan;
  readonly end: End;
  readonly stored: StoredRegistration;
  /** begins every finding */
  readonly who: string;
}

export async function judgeCustomer(court: Court, plan: Plan): Promise<void> {
  const { store, ledger, findings } = court;
  const who = `customer ${plan.number} (${plan.organization}, ${plan.habit}, ${plan.outcomes.join('+')}, ${plan.via})`;
  const ids = [...(ledger.registrations.get(plan.number) ?? [])];
  const [id] = ids;
  if (id === undefined) return findings.wrong(`${who} never got a registration`);
  if (ids.length > 1) findings.repeated(`${who} was told of ${ids.length} registrations`);
  const stored = findRegistration(store.main, id);
  if (!stored) return findings.lost(`the registration of ${who}`);
  const of: Case = { ...court, plan, end: endOf(plan), stored, who };
  judgeRows(of);
  judgeEnd(of);
  judgePhone(of);
  judgeKratos(of);
  await judgePictures(of);
}

/** What was answered is there. */
function judgeRows({ store, ledger, findings, plan, stored, who }: Case): void {
  const { registration, row } = stored;
  const query = sql.selectFrom('registrations').select('id').where('identity_id', '=', row.identity_id);
  if (store.main.all(query).length > 1) findings.repeated(`${who} has several registrations`);
  const opened = plan.via === 'sms' ? registration.openedBySms : registration.openedByKiosk;
  if (ledger.started.has(plan.number) && !opened) findings.lost(`that ${who} was let in`);
  const runs = [...(ledger.runs.get(plan.number) ?? [])];
  if (runs.length > plan.outcomes.length) findings.repeated(`${who} was given ${runs.length} runs`);
  for (const run of runs)
    if (!registration.checks.some(({ checkRef }) => checkRef === run)) findings.lost(`the run of ${who}`);
  for (const check of registration.checks)
    if (ledger.submitted.has(`${plan.number}:${check.attempt}`) && !check.submitted)
      findings.lost(`the end of the capture of ${who}, attempt ${check.attempt}`);
  if (
    registration.checks.length !==
    (plan.habit === 'finishes' || plan.habit === 'never_submits' ? plan.outcomes.length : 1)
  )
    findings.wrong(`${who} has ${registration.checks.length} attempts`);
}

function judgeEnd({ store, findings, plan, end, stored, who }: Case): void {
  const { registration, row } = stored;
  const identity = findIdentity(store.main, row.identity_id)?.identity.status;
  const causes = store.main
    .all(
      sql
        .selectFrom('review_cases')
        .select('cause')
        .where('registration_id', '=', row.id)
        .where('closed_at', 'is', null),
    )
    .map(({ cause }) => cause);
  const is = [registration.status, registration.result, identity, ...causes].join(' ');
  const meant = [end.status, end.result, end.identity, ...(end.cause === null ? [] : [end.cause])].join(' ');
  if (is !== meant) findings.wrong(`${who} ended ${is}, not ${meant}`);
  const alerts = store.main
    .all(sql.selectFrom('alerts').select('code').where('subject', '=', row.id))
    .map(({ code }) => code);
  // a flow that fails at the document never comes to the selfie that was asked for
  const breaksOff = plan.outcomes.includes('failed_blurred') && end.result !== 'EXPIRED';
  const isUnknown = end.result === 'UNKNOWN' || breaksOff;
  const expected = isUnknown ? ['result_unknown'] : [];
  if (alerts.join() !== expected.join())
    findings.wrong(`${who} has the alerts [${alerts}], not [${expected}]`);
  const events = registrationEventsAfter(store.main, row.id, 0).map(({ status }) => status);
  if (registration.checks.length === 1)
    for (const status of twiceIn(events)) findings.repeated(`${who} was announced ${status} twice`);
}

/** The phone got every kind of text once; one that may be left out is either there once or noted as skipped. */
function judgePhone({ store, world, findings, plan, end, stored, who }: Case): void {
  const notices = noticesOf(store.main, stored.row.id);
  const messages = world.twilio.messagesTo(plan.phone);
  const kindOf = (sid: string) => notices.find(({ vendor_ref }) => vendor_ref === sid)?.kind ?? 'stray';
  const got = messages.map(({ sid }) => kindOf(sid));
  for (const kind of twiceIn(got)) findings.repeated(`${who} got the text "${kind}" more than once`);
  if (got.includes('stray')) findings.repeated(`${who} got a text that nobody knows of: ${got}`);
  for (const kind of twiceIn(notices.map(notice => notice.kind)))
    findings.repeated(`${who} has several notices of kind "${kind}"`);
  const must = end.texts.filter(kind => !kind.endsWith('?'));
  const may = end.texts.map(kind => kind.replace('?', ''));
  for (const kind of must)
    if (!got.includes(kind)) findings.wrong(`${who} never got the text "${kind}": ${got}`);
  for (const kind of got) if (!may.includes(kind)) findings.wrong(`${who} got the text "${kind}"`);
  for (const notice of notices) {
    const settled = notice.status === 'skipped' ? !must.includes(notice.kind) : notice.status !== 'queued';
    if (!settled || (notice.status !== 'skipped' && !got.includes(notice.kind)))
      findings.wrong(`${who} has a notice "${notice.kind}" that is ${notice.status}`);
  }
}

/** Where a provider's word stands on an identity, and what it calls an end where that is not Onfido's word for it. */
const mirrors: Readonly<Partial<Record<OrganizationId, Mirror>>> = {
  persona: { place: ({ metadata_admin: admin }) => admin?.persona, words: { review: 'marked-for-review' } },
  jumio: {
    place: ({ metadata_public: open }) => open?.jumio,
    words: { approved: 'verified', declined: 'rejected' },
  },
};
const onfidoMirror: Mirror = { place: ({ metadata_public: open }) => open?.onfido, words: {} };

interface Mirror {
  place(identity: Metadata): Mirrored | undefined;
  readonly words: Readonly<Record<string, string>>;
}

interface Mirrored {
  readonly status?: string;
  readonly decided_at?: string | null;
  readonly applicant_id?: string;
  readonly inquiry_id?: string;
  readonly account_id?: string;
  readonly workflow_execution_id?: string;
}

interface Metadata {
  readonly metadata_public?: Record<string, Mirrored> | null;
  readonly metadata_admin?: Record<string, Mirrored> | null;
}

function judgeKratos({ world, findings, plan, end, stored, who }: Case): void {
  const id = kratosIdOf(world, plan);
  if (id === undefined) return;
  const { place, words } = mirrors[plan.organization] ?? onfidoMirror;
  const has = place((world.kratos.identities.get(id) ?? {}) as Metadata);
  const meant = words[end.mirrored] ?? end.mirrored;
  if (has?.status !== meant) findings.wrong(`${who} is ${has?.status} in Kratos, not ${meant}`);
  const ref = stored.checks.at(-1)?.check_ref ?? null;
  const refs: Readonly<Partial<Record<OrganizationId, [unknown, unknown]>>> = {
    persona: [has?.inquiry_id ?? null, ref],
    jumio: [has?.account_id ? `${has.account_id}/${has.workflow_execution_id}` : null, ref],
  };
  const [there, here] = refs[plan.organization] ?? [has?.applicant_id, stored.row.applicant_ref];
  if (there !== here) findings.wrong(`${who} is ${there} in Kratos, and ${here} here`);
  if ((end.status === 'decided') !== (typeof has?.decided_at === 'string'))
    findings.wrong(`${who} was decided at ${has?.decided_at} for Kratos`);
}

/** What the reports named is in the vault, byte for byte. */
async function judgePictures({ store, world, findings, stored, who }: Case): Promise<void> {
  const vault = createVault(store, `${world.installation.dataDir}/vault`);
  const identityId = stored.row.identity_id;
  for (const check of stored.checks) {
    if (check.last_final === null) continue;
    const named = (JSON.parse(check.media) as { ref: string }[]).map(({ ref }) => ref);
    const kept = documentsOf(store.main, check.id);
    if (named.length === 0) findings.wrong(`${who} has a verdict that names no picture`);
    const missing = named.filter(ref => !kept.some(document => document.ref === ref));
    if (missing.length > 0) findings.wrong(`${who} lacks ${missing.length} of ${named.length} pictures`);
    for (const { ref, file, bytes } of kept) {
      const opened = await vault.get({ identityId, checkId: check.id, ref, file }).catch(() => null);
      if (opened === null) findings.lost(`a picture of ${who}`);
      else if (opened.length !== bytes) findings.wrong(`${who} has half a picture`);
    }
  }
}
