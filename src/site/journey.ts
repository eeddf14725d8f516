/**
 * What the verification site asks of the rest of the appliance. The site knows links and pages only; whoever implements
 * this knows registrations, checks and providers.
 */
import type { Language } from '../config/config.js';
import type { Result } from '../domain/results.js';
import type { CapturePage } from '../providers/provider.js';

/** How far the customer behind a link is. */
export type SiteState =
  /** nothing was started in this attempt; with `resubmission`, an earlier attempt was not enough */
  | 'ready'
  /** `start` was accepted, photos are expected */
  | 'capturing'
  /** the capture has ended; no answer yet */
  | 'submitted'
  /** a person looks at it before anything is decided */
  | 'in_review'
  | 'done'
  /** the link has run out */
  | 'expired'
  /** it cannot go on through no fault of the customer's; a new registration is needed */
  | 'failed';

/** How it ended for the customer. It goes before the result: a person may have decided otherwise than the machine. */
export type SiteEnding = 'registered' | 'awaiting' | 'rejected';

/** Where the vendor publishes what a customer in the USA has to accept before the capture. */
export interface VendorNotices {
  readonly biometrics: string;
  readonly privacy: string;
  readonly terms: string;
}

/** Everything a page shows about one link. */
export interface SiteView {
  readonly state: SiteState;
  /** set when `state` is `done` */
  readonly ending?: SiteEnding;
  /** the result behind the ending; decides what a rejected customer is told */
  readonly result?: Result;
  /** an earlier attempt on this link was not enough and the customer is asked once more */
  readonly resubmission: boolean;
  /** the vendor's biometric notice has to be accepted before the capture */
  readonly consentNeeded: boolean;
  readonly consentGiven: boolean;
  readonly organization: { readonly name: string };
  /** the language the registration was made in: used when neither link nor browser ask for one of ours */
  readonly language: Language;
  /** whole minutes until the link runs out */
  readonly minutesLeft: number;
  readonly capture: CapturePage;
  /** the application that sent the customer here, to go back to */
  readonly returnUrl?: string;
  readonly vendor: {
    /** as customers know it, e.g. `Onfido` */
    readonly name: string;
    readonly notices?: VendorNotices;
  };
}

/** Why a step cannot be taken now. */
export type SiteProblem =
  /** the provider does not answer; later it may */
  | 'busy'
  /** the link has run out or is gone */
  | 'over'
  /** the photos were taken already */
  | 'finished'
  /** consent is due and was not given */
  | 'consent'
  /** `start` comes first */
  | 'not_started';

/** What the capture is opened with. */
export type SiteSession =
  | { readonly kind: 'embedded'; readonly token: string; readonly workflowRunId?: string }
  /** the customer is sent to the vendor's own page, which returns to the link */
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'problem'; readonly problem: SiteProblem };

/** What comes along with the customer's tap on the start button. */
export interface StartRequest {
  /** the consent box was ticked in this very request */
  readonly consent: boolean;
  /** the customer's address as the listener sees it; whether it may be believed is for the implementation to judge */
  readonly ipAddress?: string;
  /** the language the customer reads the page in */
  readonly language: Language;
}

/** What the vendor's script or ours may report about a capture that went wrong. Anything else is noted as `other`. */
export const captureProblems = [
  'invalid_token',
  'expired_token',
  'expired_trial',
  'geoblocked_request',
  'permissions_unavailable',
  'unsupported',
  'unsupported_feature',
  'invalid_sdk_parameter',
  'unsupported_sdk_version',
  'no_camera',
  'user_consent_denied',
  'exception',
  'workflow_abandoned',
  'workflow_error',
  'api_error',
  'module_load_error',
  'cross_device',
  'script_blocked',
  'no_media_devices',
  'offline',
  'init_failed',
  'session_failed',
  'other',
] as const;
export type CaptureProblem = (typeof captureProblems)[number];

/** The port. Link ids are the site's only key; one that nobody knows is `null` or a problem, never an exception. */
export interface SiteJourney {
  /** what the link's page shows, from what is kept here: no network, nothing changed */
  view(linkId: string): SiteView | null;
  /**
   * The customer begins (or begins again after a break); may come twice at once. Records the opening, which proves the
   * phone for links sent by SMS, and the consent. Resolves to `null` when the capture may follow; `view` then says
   * `capturing`.
   */
  start(linkId: string, request: StartRequest): Promise<SiteProblem | null>;
  /** opens a capture at the provider; called on POST only, again whenever the page is loaded again or the token ran out; the address as in {@link StartRequest} */
  session(linkId: string, language: Language, ipAddress?: string): Promise<SiteSession>;
  /**
   * A hint that the capture ended; may come twice, late, or without any photos. From here `view` says `submitted`, and
   * goes back to `capturing` only when the provider turns out to have no photos: the customer comes to the status page
   * right after this.
   */
  submit(linkId: string): Promise<void>;
  /** notes what went wrong in the customer's browser */
  problem(linkId: string, type: CaptureProblem): void;
}
