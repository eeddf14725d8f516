/**
 * The configuration in force: what `load.ts` hands over once every source was read and every rule held. Nothing reads
 * the environment or a file of settings after that. Times are milliseconds, sizes bytes, unless a name says otherwise.
 */

import type { Language } from '../domain/languages.js';

export { type Language, languages } from '../domain/languages.js';

/** How the box is reached from outside; the URLs told to others follow from it. */
export type Front = 'direct' | 'nginx' | 'cloudflared';

/** Where a listener's certificate comes from. `acme` is refused at start until it is built. */
export type TlsSettings =
  | { readonly mode: 'self-signed' }
  | { readonly mode: 'files'; readonly certificate: string; readonly key: string };

export interface Listener {
  readonly host: string;
  readonly port: number;
}

/** How a vendor reached over the network is spoken to (design: invariant 9). */
export interface OutboundTrust {
  /** path of a PEM bundle to trust instead of the system's */
  readonly caFile?: string;
  /** SHA-256 of the peer's certificate, hex without colons; checked in addition */
  readonly fingerprint?: string;
}

/** What every provider's settings have, so that rooms outside the adapters need not know which one it is. */
export interface CommonProviderSettings {
  /** what the provider allows by contract, where it differs from the usual; see compose/receivers.ts */
  readonly requestsPerMinute?: number;
  /** secrets of deliveries, set by the operator: nothing is then written at the provider. Several may be live at once. */
  readonly webhookTokens: readonly string[];
  /** see `MappingRules.strictFace`; false for providers that always say how bad it is */
  readonly strictFace: boolean;
  /** see `MappingRules.trustApproved` */
  readonly trustApproved: boolean;
  readonly trust: OutboundTrust;
  /** the SDK token's referrer pattern, where the operator overrides `{site.publicUrl}/*` */
  readonly referrer?: string;
}

export interface OnfidoSettings extends CommonProviderSettings {
  readonly provider: 'onfido';
  readonly region: 'EU' | 'US' | 'CA';
  readonly apiToken: string;
  /** base with version path, e.g. `https://api.eu.onfido.com/v3.6` */
  readonly apiBase: string;
  /** the Web SDK's script, e.g. `https://sdk.onfido.com/v14` */
  readonly sdkUrl: string;
  readonly mode: 'classic' | 'studio';
  /** Studio's workflow; set when `mode` is `studio` */
  readonly workflowId?: string;
  /** Studio: take `approved` for CLEAR even where reports were not read. Off unless the operator insists. */
  readonly trustApproved: boolean;
  /** onfido.md 9.3, column "strict": a face that does not match, or a spoof, is SUSPECTED instead of CAUTION */
  readonly strictFace: boolean;
  readonly reportNames: readonly string[];
}

export interface JumioSettings extends CommonProviderSettings {
  readonly provider: 'jumio';
  /** where the OAuth token is asked for */
  readonly authUrl: string;
  /** base of the upload host, from which the others follow, or one base for everything; no trailing slash */
  readonly apiBase: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** the workflow definition that is started; sent as a number when it is one */
  readonly workflowKey: string;
  /** must name company and application: Jumio refuses calls without */
  readonly userAgent: string;
  /** addresses or networks callbacks may come from; empty: any. A restriction beside the proof, never a proof. */
  readonly callbackAddresses: readonly string[];
  /**
   * https base without a port under which this box can be named to Jumio, which refuses ports; no trailing slash.
   * Absent: Jumio is told no URL at all, and checks are found by asking.
   */
  readonly publicUrl?: string;
}

/** How customers get into an inquiry; never sent to Persona. The site's own links always lead to the hosted page. */
export const personaInquiryTypes = ['hosted', 'one-time-link', 'embedded', 'hosted-embedded'] as const;

export interface PersonaSettings extends CommonProviderSettings {
  readonly provider: 'persona';
  readonly apiKey: string;
  /** base with version path, no trailing slash, e.g. `https://api.withpersona.com/api/v1` */
  readonly apiBase: string;
  /** `itmpl_…`, `itmplv_…` or `tmpl_…` */
  readonly templateId: string;
  readonly inquiryType: (typeof personaInquiryTypes)[number];
  /** the template has no decision of its own: `completed` is taken for `approved` */
  readonly approveCompleted: boolean;
  /** names and e-mail that were told of the customer stand in the inquiry's form already */
  readonly prefill: boolean;
}

/** Grows by a member for each provider. */
export type ProviderSettings = OnfidoSettings | JumioSettings | PersonaSettings;

/** When CLEAR is nevertheless left to a person. All unset: never. */
export interface PolicySettings {
  readonly minimumAge?: number;
  readonly maximumAge?: number;
  /** ISO 3166 alpha-3 of the document's country; others wait for a person */
  readonly documentCountries?: readonly string[];
  readonly documentTypes?: readonly string[];
  /** an expired document waits for a person (default true) */
  readonly holdExpiredDocument: boolean;
  /** times a customer may try again after unreadable pictures; 0: REJECTED_IMAGE_INTEGRITY stays */
  readonly resubmissions: number;
}

/** Texts of SMS, by kind. `{link}`, `{organization}`, `{minutes}` and `{time}` are filled in. */
export const noticeKinds = [
  'link',
  'registered',
  'rejected',
  'rejected_retry',
  'awaiting',
  'resubmission',
  'expired',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface Organization {
  /** as in webhook paths: letters, digits, `-`, `_`; CAS uses decimal numbers */
  readonly id: string;
  readonly name: string;
  readonly autoRegistration: boolean;
  /** takes sandbox checks for real ones */
  readonly sandbox: boolean;
  /** countries (alpha-2) whose phone numbers are served; the first is the default for location and national numbers */
  readonly countries: readonly string[];
  readonly language: Language;
  readonly expectedReports: readonly string[];
  readonly provider: ProviderSettings;
  /** where a mistake about its provider is shown, e.g. `config/gatehouse.yaml:12` */
  readonly providerAt: string;
  readonly verificationSite:
    | { readonly kind: 'built-in' }
    | { readonly kind: 'external'; readonly url: string };
  /** the name applicants get when the kiosk tells none */
  readonly placeholderName: { readonly first: string; readonly last: string };
  readonly policy: PolicySettings;
  /** absolute path of the operator's ES module (see README, policy module) */
  readonly policyModule?: string;
  readonly sms: {
    /** sender for this organization, where it differs from the vendor's */
    readonly from?: string;
    readonly texts: Partial<Record<NoticeKind, Partial<Record<Language, string>>>>;
    readonly perNumberDaily: number;
    readonly perKioskDaily: number;
  };
  /** copy results to Kratos when a registration carries a Kratos identity */
  readonly mirror: boolean;
  /** serves Ory's hooks for its provider; at most one organization of each provider does */
  readonly ory: boolean;
}

export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** a number in E.164, or a messaging service id (`MG…`) */
  readonly from: string;
  readonly apiBase: string;
}

export type SmsSettings = { readonly totalDaily: number } & (
  | { readonly vendor: 'console' }
  | { readonly vendor: 'twilio'; readonly twilio: TwilioSettings }
);

export interface KratosSettings {
  readonly adminUrl: string;
  readonly publicUrl?: string;
  readonly apiKey?: string;
  readonly trust: OutboundTrust;
}

/** How Ory's hooks and sessions are served, for every organization with `ory: true`. */
export interface OrySettings {
  /** `public`: the hooks are on the public listener too */
  readonly hooks: 'private' | 'public';
  /** addresses or networks that may call the hooks on the public listener; empty: any */
  readonly hookAddresses: readonly string[];
  /** `declined`: only a final decline blocks a login. `approved`: everything but an approval does. */
  readonly gate: 'declined' | 'approved';
  /** a blocked login is given a link on which the customer can go on */
  readonly resumeLink: boolean;
  /** what a final decline does in Kratos beyond the next login */
  readonly onDecline: 'none' | 'revokeSessions' | 'deactivate';
  /** where customers who came from Ory go after the verification site */
  readonly returnUrl?: string;
  /** origins whose pages may ask for a session */
  readonly origins: readonly string[];
  readonly attemptMs: number;
  /** attempts of one identity in a day */
  readonly attemptsPerDay: number;
  /** attempts in an hour in all; beyond, the vendor hears of a customer only when the page is opened */
  readonly attemptsPerHour: number;
  /** what the hooks prove themselves with; several are live during a rotation. Empty: there are no hooks. */
  readonly webhookSecrets: readonly string[];
}

export interface Config {
  readonly configDir: string;
  readonly dataDir: string;
  readonly hostname: string;
  readonly front: Front;
  /** 32 bytes */
  readonly masterKey: Buffer;
  readonly publicListener: Listener & { readonly tls: TlsSettings };
  readonly privateListener: Listener & { readonly tls?: TlsSettings };
  /** addresses or networks whose `X-Forwarded-*` is believed; empty: nobody's */
  readonly trustedProxies: readonly string[];
  readonly limits: {
    readonly deliveryBytes: number;
    /** deliveries taken in a second; 0: as many as there are */
    readonly deliveriesPerSecond: number;
    readonly bodyBytes: number;
    readonly requestMs: number;
    readonly headersMs: number;
    readonly connections: number;
    /** what remains for open work after SIGTERM */
    readonly shutdownMs: number;
    /** requests a minute on one link of the verification site */
    readonly perLinkMinute: number;
  };
  readonly times: {
    /** life of a link from the commit of its registration: 90 minutes */
    readonly linkMs: number;
    /** silence after a session was opened until uploads are looked for: 10 minutes */
    readonly uploadsMs: number;
    /** silence after a check was created until the provider is asked: 10 minutes */
    readonly silenceMs: number;
    /** how long a vendor may be at work on a check or a text whose answer was lost: 30 seconds */
    readonly lostAnswerMs: number;
  };
  readonly urls: {
    /** base of customers' links, referrer and SMS status callbacks; no trailing slash */
    readonly site: string;
    /** base of the providers' webhook URLs */
    readonly webhook: string;
    /** base of what an external verification site calls (`serverUrl`) */
    readonly submit: string;
  };
  /** there is no settings file: organizations are numbered, and an id says nothing but which one is meant */
  readonly byEnvironment: boolean;
  /** at least one; ids are unique */
  readonly organizations: readonly Organization[];
  readonly sms: SmsSettings;
  readonly kratos?: KratosSettings;
  readonly ory: OrySettings;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'json' | 'pretty' };
  /** said once at start: what works but is probably not meant */
  readonly warnings: readonly string[];
}
