/**
 * The port to an identity provider, owned by those who use it (registration, intake, jobs). An adapter is one folder;
 * one instance serves one organization. No method decides anything about a customer.
 *
 * Network methods throw {@link ProviderError}; the caller's job owns every retry, so an adapter itself repeats nothing
 * that could act twice. Whatever may already have succeeded, and is not to be done twice, is looked up first.
 */
import type { CustomerData } from '../domain/customer.js';
import type { Findings, MediaReference } from '../domain/findings.js';
import type { Phase } from '../domain/phase.js';

/** A webhook call as received: the raw bytes, and a look-up of request headers by lower-case name. */
export interface ReceivedDelivery {
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** who sent it, as far as the listener can tell */
  readonly address?: string;
}

/** `unprepared`: no secret is known yet, so nothing can be told (answered 503, so that the provider tries again). */
export type DeliveryCheck = 'genuine' | 'forged' | 'unprepared';

/** Which object of the provider a genuine delivery is about. Ids match the provider's id pattern or are absent. */
export interface DeliverySubject {
  /** the provider's event word, e.g. `check.completed`; `unknown` when unreadable */
  readonly action: string;
  /** whether this event may change a verdict; others are kept and left alone */
  readonly relevant: boolean;
  readonly checkRef?: string;
  /** set when `checkRef` is a workflow run */
  readonly workflow?: boolean;
  readonly applicantRef?: string;
}

/** What an applicant is made from. */
export interface ApplicantRequest {
  readonly firstName: string;
  readonly lastName: string;
  /** ISO 3166 alpha-2, where the kiosk or the organization says one */
  readonly country?: string;
  /** the customer's public address, where it is known beyond doubt */
  readonly ipAddress?: string;
}

/** What is added to an applicant when the customer arrives. Only what is set is written. */
export interface ApplicantUpdate {
  readonly country?: string;
  readonly ipAddress?: string;
  /** the customer ticked the provider's privacy notice now */
  readonly consentGiven?: boolean;
}

/** What the page needs to start the vendor's capture. */
export interface Session {
  /**
   * `embedded`: the vendor's script runs in our page; `redirect`: the customer is sent to `url`; `finished`: the customer
   * has done everything already, so that there is nothing to open
   */
  readonly kind: 'embedded' | 'redirect' | 'finished';
  readonly token?: string;
  /** set for a workflow run; it is then also the check's reference */
  readonly workflowRunId?: string;
  readonly url?: string;
  /** epoch milliseconds */
  readonly expiresAt: number;
}

/** Asking for a session for one check of ours. */
export interface SessionRequest {
  readonly applicantRef: string;
  /** our check id; sent along as tag or reference so that the check can be recognised later */
  readonly checkId: string;
  /** the page that will show it, e.g. `https://kyc.example.net/*` */
  readonly referrer: string;
  readonly language: string;
  /**
   * the run made for this check earlier, if any: it is asked for its token again, no second one is made while it can
   * still be used
   */
  readonly checkRef?: string;
  /** an earlier call for this check was never answered and may have acted */
  readonly repeat?: boolean;
  /** where a vendor-hosted page sends the customer afterwards */
  readonly returnUrl?: string;
  readonly kratosIdentityId?: string;
  /** what was told of the customer, for a vendor's form to begin with */
  readonly customer?: CustomerData;
  /** ISO 3166 alpha-2 of the customer, where it is known */
  readonly country?: string;
  /** the customer's public address, where it is known beyond doubt */
  readonly ipAddress?: string;
  /** when the customer agreed to the provider's notice, epoch milliseconds */
  readonly consentAt?: number;
  /** called right before the call that makes a run; what it throws stops that call. Not where repeating makes no second one */
  readonly onMaking?: () => void;
}

/** Outcome of turning uploads into a check. */
export type Submission =
  /** the check exists now, made by this call or found as ours */
  | { readonly outcome: 'submitted'; readonly checkRef: string; readonly usedMedia: readonly string[] }
  /** a document or a selfie is not there (yet) */
  | { readonly outcome: 'nothing_to_submit' };

/** Asking for the provider's check of what was uploaded. */
export interface SubmitRequest {
  readonly applicantRef: string;
  readonly checkId: string;
  /** the run made for this check earlier, if any */
  readonly checkRef?: string;
  /** media of this customer's earlier attempts: at least one new document and one new selfie are needed */
  readonly usedMedia: readonly string[];
  /** the check exists and it is only asked what it was made of: whatever is found, none is made */
  readonly made?: true;
  /** called right before the call that makes the check; what it throws stops that call. Not where repeating makes no second one */
  readonly onMaking?: () => void;
}

/** Everything fetched about one check: whole, or the fetch has thrown. Opaque outside its adapter. */
export interface Snapshot {
  readonly checkRef: string;
  readonly applicantRef: string | null;
  readonly body: unknown;
}

/** A downloaded picture or film. */
export interface Media {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The port. */
export interface Provider {
  /** the adapter's name: `onfido`, `jumio`, `persona` */
  readonly name: string;
  /** how the capture is shown, and which origins the page must allow for it */
  readonly page: CapturePage;
  /** constant-time; never throws on malformed input */
  verify(delivery: ReceivedDelivery): DeliveryCheck;
  /** pure and total: anything unreadable is `{ action: 'unknown', relevant: false }` */
  describe(raw: Buffer): DeliverySubject;
  /** makes one that nobody else has, each time another */
  createApplicant(request: ApplicantRequest, signal: AbortSignal): Promise<string>;
  updateApplicant(applicantRef: string, update: ApplicantUpdate, signal: AbortSignal): Promise<void>;
  openSession(request: SessionRequest, signal: AbortSignal): Promise<Session>;
  /** for a workflow run, which goes on by itself, this only says whether the customer is done */
  submit(request: SubmitRequest, signal: AbortSignal): Promise<Submission>;
  fetch(checkRef: string, workflow: boolean, signal: AbortSignal): Promise<Snapshot>;
  /** pure and total for whatever `fetch` returned */
  interpret(snapshot: Snapshot): Findings;
  /** our check id the provider echoes (tag, reference), or null; pure and total like `interpret` */
  owner(snapshot: Snapshot): string | null;
  /**
   * Nothing in the provider's checks is such that only we could have written it, so `owner` is always null: a check is
   * ours only if the answer to our own call told us its reference, and no other is ever adopted.
   */
  readonly recordedOnly?: true;
  download(media: MediaReference, signal: AbortSignal): Promise<Media>;
  /** asks the provider to send the named checks' completion again, where it can */
  resend(checkRefs: readonly string[], signal: AbortSignal): Promise<void>;
  /** `checkRefs`: the applicant's checks, for providers whose own object is named by these alone */
  deleteApplicant(applicantRef: string, signal: AbortSignal, checkRefs?: readonly string[]): Promise<void>;
  /**
   * Only where webhooks are registered through the API: finds, creates or corrects the one of this name and tells its
   * secret. Writes at the provider, so not to be called where the operator gave a secret of their own.
   */
  keepWebhook?(
    name: string,
    url: string,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly token: string }>;
}

/** A provider's object on a Kratos identity. */
export type OryValue = Readonly<Record<string, string | null>>;

/** One check as it is written there. No reason: the customer can read `metadata_public`. */
export interface OryState {
  readonly phase: Phase;
  /** the same with people's decisions left aside */
  readonly machinePhase: Phase;
  /** the provider's applicant or account; null where none exists (yet) */
  readonly applicantRef: string | null;
  /** the provider's run, execution or inquiry */
  readonly checkRef: string | null;
  /** the vendor's own word, where it is to be shown beside ours (Jumio) */
  readonly verdict?: string;
}

/** What an identity has at a JSON pointer of fixed words; undefined when there is nothing. */
export type Pointed = (pointer: string) => unknown;

/** The setup that others published for a provider: where it wrote what, for adopting it and for taking it back. */
export interface PublishedSetup {
  /** where it kept a status; all that are there have to say the same */
  readonly statuses: readonly string[];
  readonly approved: readonly string[];
  readonly declined: readonly string[];
  /** what it wrote beside the provider's object */
  readonly flat: readonly string[];
  /** the provider's references among it, as its adapter takes them; null where there are none, or not all */
  refs(at: Pointed): { readonly applicantRef: string; readonly checkRef: string | null } | null;
}

/** What is particular to a provider's Ory setup: names and words, nothing that acts. */
export interface OryWords {
  /** where the provider's object lives on the identity, as a JSON pointer of fixed words */
  readonly path: string;
  /** our phases in the setup's words */
  readonly statuses: Readonly<Record<Phase, string>>;
  /** the provider's ids under the setup's names */
  ids(refs: Pick<OryState, 'applicantRef' | 'checkRef'>): OryValue;
  /** the object without its times */
  value(state: OryState): OryValue;
  /** the flat key under which the published setup kept a status */
  readonly legacyStatus?: string;
  /** what the published setup leaves on identities */
  readonly published: PublishedSetup;
  /** what an application's own page starts the capture with, under the setup's names */
  session(session: Session, checkRef: string | null): Readonly<Record<string, string>>;
}

/** What the verification site needs to know of a provider. */
export interface CapturePage {
  readonly kind: 'embedded' | 'redirect';
  /** the vendor's script, for `embedded` */
  readonly scriptUrl?: string;
  /** origins by Content-Security-Policy directive, without quotes or keywords, e.g. `{ 'connect-src': ['https://*.onfido.com'] }` */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** whether the organization's checks run as a workflow */
  readonly workflow: boolean;
  /** the vendor's own page asks for every consent it needs */
  readonly asksConsent?: true;
}

/** How a failed call may be treated. */
export type ProviderErrorKind =
  /** repeat later: time-out, connection, 429, 5xx */
  | 'later'
  /** nothing was asked for: what is wanted may be in the making, by an earlier call whose answer is not known */
  | 'under_way'
  /** the provider refuses this very request: repeating is useless */
  | 'refused'
  /** the provider does not know the object */
  | 'missing'
  /** our credentials are refused: an operator must act */
  | 'unauthorized';

/** A provider's call that did not succeed. The message names call and status only, never a body. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    readonly options: {
      /** HTTP status, if there was an answer */
      readonly status?: number;
      /** milliseconds the provider asks us to wait */
      readonly retryAfterMs?: number;
      /** false when the request certainly never reached the provider or was certainly refused */
      readonly mayHaveActed?: boolean;
      /** false when nothing more will come of it: it acted by now, or never will */
      readonly mayStillAct?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}
