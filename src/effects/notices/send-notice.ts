/**
 * The job that sends an SMS. An attempt is noted before the vendor is called; when its outcome is not known afterwards,
 * the vendor is asked for the message before another one is sent, so that a crash or a lost answer texts nobody twice.
 */
import type { Language, NoticeKind } from '../../config/config.js';
import type { OutcomeNotice } from '../../domain/effects.js';
import { builtInLink, externalLink } from '../../domain/links.js';
import { repeatableAt } from '../../domain/lost-answer.js';
import { isOpen, type RegistrationStatus } from '../../domain/registration.js';
import type { JobHandler } from '../../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../../providers/organizations.js';
import type { Clock } from '../../runtime/clock.js';
import type { Failpoint } from '../../runtime/failpoint.js';
import { open } from '../../runtime/keyring.js';
import { addAlert, wasAlertedLately } from '../../store/alerts.js';
import { commitEvent } from '../../store/commit.js';
import { findIdentity } from '../../store/identities.js';
import {
  type Attempts,
  findNotice,
  findNoticeByRef,
  type NoticeRow,
  noteAttempts,
  settleNotice,
} from '../../store/notices.js';
import { findRegistration, forgetTold, type StoredRegistration } from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import type { EarlyReports } from './early-reports.js';
import { countSegments } from './segments.js';
import { renderNotice, retryReason } from './texts/index.js';
import { SmsError, type SmsVendor } from './vendors/vendor.js';

export interface SendNoticeOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly vendor: SmsVendor;
  readonly siteBase: string;
  /** see `domain/lost-answer.ts` */
  readonly lostAnswerMs: number;
  readonly earlyReports: EarlyReports;
  /** the context phone numbers are sealed for */
  readonly phoneContext: (identityId: string) => string;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

interface Letter {
  readonly to: string;
  readonly body: string;
}

interface Subject {
  readonly notice: NoticeRow;
  readonly stored: StoredRegistration;
  readonly organization: ServedOrganization;
}

const gaveUp = 'gave_up';

/** Builds the handler. */
export function createSendNotice(options: SendNoticeOptions): JobHandler<'notice'> {
  const { store, clock, vendor } = options;
  return {
    async run(job, signal) {
      const subject = subjectOf(options, job.payload.noticeId);
      if (!subject || !isUnsent(subject.notice)) return undefined;
      const { notice } = subject;
      const stale = isStale(subject);
      // what an earlier attempt sent was sent, though things may have moved on since
      const letter = stale && notice.attempted_at === null ? null : letterOf(options, subject);
      const attempted = letter !== null && notice.attempted_at !== null;
      if (attempted && (await adopt(options, subject, letter, signal))) return undefined;
      if (!letter || stale) {
        skip(options, subject);
        return undefined;
      }
      const now = clock.now();
      const at = repeatableAt(notice.sending_since, now, options.lostAnswerMs);
      if (at !== null) throw underWay(vendor.name, at - now);
      await send(options, subject, letter, signal);
      return undefined;
    },
    gaveUp(job) {
      settleNotice(store.main, job.payload.noticeId, { status: 'failed', errorCode: gaveUp }, clock.now());
    },
  };
}

function underWay(vendor: string, retryAfterMs: number): SmsError {
  const message = `${vendor}: an earlier call had no answer, and may still be at work`;
  return new SmsError('under_way', message, { mayHaveActed: false, retryAfterMs });
}

function subjectOf(options: SendNoticeOptions, noticeId: string): Subject | undefined {
  const notice = findNotice(options.store.main, noticeId);
  const stored = notice && findRegistration(options.store.main, notice.registration_id);
  const organization = stored && options.organizations.find(stored.row.organization);
  return notice && stored && organization ? { notice, stored, organization } : undefined;
}

/** What was given up may be tried once more by a person; what the vendor refused is not. */
function isUnsent({ status, error_code: errorCode }: NoticeRow): boolean {
  return status === 'queued' || (status === 'failed' && errorCode === gaveUp);
}

/** What was not told is told when it is so again. */
function skip({ store, clock }: SendNoticeOptions, { notice, stored }: Subject): void {
  store.main.transaction(() => {
    settleNotice(store.main, notice.id, { status: 'skipped' }, clock.now());
    if (isLastTold(notice, stored)) forgetTold(store.main, stored.row.id);
  });
}

function isLastTold({ kind }: NoticeRow, { registration: { told } }: StoredRegistration): boolean {
  return told?.split(':')[0] === kind;
}

/** A text that waited while things moved on would say what is no longer so. */
function isStale({ notice, stored }: Subject): boolean {
  const { status, person } = stored.registration;
  if (notice.kind === 'link') return !isOpen(status) || status === 'submitted';
  if (!isLastTold(notice, stored)) return true;
  // what was told last stays noted when a verdict is taken back, or a person lets the customer start over
  return person?.action === 'again' || status !== toldAt[notice.kind as OutcomeNotice];
}

/** How far a registration is while what a text says is so. */
const toldAt: Readonly<Record<OutcomeNotice, RegistrationStatus>> = {
  registered: 'decided',
  rejected: 'decided',
  rejected_retry: 'decided',
  awaiting: 'in_review',
  resubmission: 'link_sent',
  expired: 'expired',
};

function letterOf(options: SendNoticeOptions, subject: Subject): Letter | null {
  const { store } = options;
  const { notice, stored, organization } = subject;
  const owner = findIdentity(store.main, stored.row.identity_id);
  if (!owner?.row.phone_sealed) return null;
  const key = store.keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  const to = open(key, owner.row.phone_sealed, options.phoneContext(owner.row.id)).toString();
  const { result } = stored.registration;
  const link = linkOf(options, subject);
  const body = renderNotice(
    notice.kind as NoticeKind,
    stored.row.language as Language,
    {
      organization: organization.settings.name,
      // the whole time and not what is left of it: a repeated attempt must say the very same to be found again
      minutes: Math.round(organization.policy.linkMs / 60_000),
      ...(link === null ? {} : { link }),
      ...(result === null ? {} : { reason: retryReason(result) }),
    },
    organization.settings.sms.texts,
  );
  return { to, body };
}

function linkOf(options: SendNoticeOptions, { stored, organization }: Subject): string | null {
  const { verificationSite: site } = organization.settings;
  const { row } = stored;
  if (site.kind === 'built-in')
    return builtInLink(options.siteBase, options.store.keyring.linkId(row.id, 'sms'));
  return row.applicant_ref === null ? null : externalLink(site.url, row.applicant_ref, row.language);
}

async function adopt(
  options: SendNoticeOptions,
  subject: Subject,
  letter: Letter,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, vendor } = options;
  const since = subject.notice.attempted_at ?? 0;
  const isClaimed = (ref: string) => findNoticeByRef(store.main, ref) !== undefined;
  const found = await vendor.find({ ...letter, since, isClaimed }, signal);
  options.failpoint?.('sms.looked_up');
  if (!found) return false;
  taken(options, subject, found, countSegments(letter.body).segments);
  return true;
}

async function send(
  options: SendNoticeOptions,
  subject: Subject,
  letter: Letter,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, vendor } = options;
  const { id } = subject.notice;
  const { from } = subject.organization.settings.sms;
  const earlier = subject.notice.attempted_at;
  const note = (attempts: Attempts) => noteAttempts(store.main, id, vendor.name, attempts);
  const since = earlier ?? clock.now();
  note({ since, sendingSince: clock.now() });
  options.failpoint?.('sms.noted');
  try {
    const sent = await vendor.send(
      {
        ...letter,
        ...(from === undefined ? {} : { from }),
        statusCallback: `${options.siteBase}/sms/status`,
      },
      signal,
    );
    options.failpoint?.('sms.sent');
    taken(
      options,
      subject,
      { ref: sent.ref, status: 'accepted' },
      sent.segments ?? countSegments(letter.body).segments,
    );
  } catch (error) {
    if (!(error instanceof SmsError)) throw error;
    note({
      since: error.mayHaveActed ? since : earlier,
      sendingSince: error.mayStillAct ? clock.now() : null,
    });
    const final = finalStatus(error);
    if (final === null) throw error;
    const errorCode = error.code ?? error.kind;
    store.main.transaction(() => {
      settleNotice(store.main, id, { status: final, errorCode }, clock.now());
      if (final === 'failed') alertRefused(options, subject, errorCode);
    });
  }
}

const refusedPauseMs = 3_600_000;

/** What is wrong with more than one number (the sender, the account) is wrong with all texts: said once an hour. */
function alertRefused({ store, clock }: SendNoticeOptions, { notice }: Subject, errorCode: string): void {
  const alert = { code: 'text_refused', subject: `${notice.organization} ${errorCode}` };
  const now = clock.now();
  if (!wasAlertedLately(store.main, alert, { lastMs: refusedPauseMs, now })) addAlert(store.main, alert, now);
}

/** What an error means for good; null when another attempt may help. */
function finalStatus(error: SmsError): 'unsubscribed' | 'undelivered' | 'failed' | null {
  if (error.kind === 'unsubscribed') return 'unsubscribed';
  if (error.kind === 'unreachable') return 'undelivered';
  return error.kind === 'refused' ? 'failed' : null;
}

function taken(
  options: SendNoticeOptions,
  subject: Subject,
  message: {
    ref: string;
    status: 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed';
    errorCode?: string;
  },
  segments: number,
): void {
  const { store, clock } = options;
  const now = clock.now();
  const report = options.earlyReports.take(message.ref);
  store.main.transaction(() => {
    settleNotice(store.main, subject.notice.id, { ...message, ...report, segments }, now);
    if (subject.notice.kind !== 'link') return;
    const { policy } = subject.organization;
    commitEvent(store.main, {
      registrationId: subject.stored.row.id,
      event: { kind: 'link_taken' },
      policy,
      now,
    });
  });
}
