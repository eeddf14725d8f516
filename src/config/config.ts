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

export interface OnfidoSettings {
  readonly provider: 'onfido';
  /** what the provider allows by contract, where it differs from the usual; see compose/receivers.ts */
  readonly requestsPerMinute?: number;
  readonly region: 'EU' | 'US' | 'CA';
  readonly apiToken: string;
  /** base with version path, e.g. `https://api.eu.onfido.com/v3.6` */
  readonly apiBase: string;
  /** the Web SDK's script, e.g. `https://sdk.onfido.com/v14` */
  readonly sdkUrl: string;
  /** set by the operator: nothing is then written at Onfido. Several may be live at once. */
  readonly webhookTokens: readonly string[];
  readonly mode: 'classic' | 'studio';
  /** Studio's workflow; set when `mode` is `studio` */
  readonly workflowId?: string;
  /** Studio: take `approved` for CLEAR even where reports were not read. Off unless the operator insists. */
  readonly trustApproved: boolean;
  /** onfido.md 9.3, column "strict": a face that does not match, or a spoof, is SUSPECTED instead of CAUTION */
  readonly strictFace: boolean;
  readonly reportNames: readonly string[];
  readonly trust: OutboundTrust;
  /** the SDK token's referrer pattern, where the operator overrides `{site.publicUrl}/*` */
  readonly referrer?: string;
}

/** Grows by a member for each provider. */
export type ProviderSettings = OnfidoSettings;

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

/** Texts of SMS, by kind. `{link}`, `{organization}`, `{minutes}` are filled in. */
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
  };
  readonly urls: {
    /** base of customers' links, referrer and SMS status callbacks; no trailing slash */
    readonly site: string;
    /** base of the providers' webhook URLs */
    readonly webhook: string;
    /** base of what an external verification site calls (`serverUrl`) */
    readonly submit: string;
  };
  /** at least one; ids are unique */
  readonly organizations: readonly Organization[];
  readonly sms: SmsSettings;
  readonly kratos?: KratosSettings;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'json' | 'pretty' };
  /** said once at start: what works but is probably not meant */
  readonly warnings: readonly string[];
}
