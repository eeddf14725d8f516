/** What the simulated Onfido keeps. Objects called `wire` are exactly what the API returns. */
import type { Outcome } from './outcomes.js';

/** An applicant as returned; unset fields are `null`. */
export interface ApplicantWire {
  readonly id: string;
  readonly created_at: string;
  delete_at: string | null;
  readonly href: string;
  readonly sandbox: boolean;
  first_name: string;
  last_name: string;
  email: string | null;
  dob: string | null;
  phone_number: string | null;
  address: Record<string, unknown> | null;
  location: { ip_address: string | null; country_of_residence: string | null };
  id_numbers: readonly unknown[];
}

export interface Consent {
  readonly name: string;
  readonly granted: boolean;
  readonly granted_at: string | null;
}

export interface Applicant {
  readonly wire: ApplicantWire;
  consents: readonly Consent[];
}

export const mediaKinds = [
  'documents',
  'live_photos',
  'live_videos',
  'motion_captures',
  'id_photos',
] as const;
export type MediaKind = (typeof mediaKinds)[number];

export interface Media {
  readonly kind: MediaKind;
  readonly applicantId: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly wire: Readonly<Record<string, unknown>> & { readonly id: string; readonly file_name: string };
}

export interface CheckWire {
  readonly id: string;
  readonly created_at: string;
  readonly href: string;
  readonly applicant_id: string;
  readonly applicant_provides_data: boolean;
  status: string;
  result: string | null;
  readonly report_ids: readonly string[];
  readonly results_uri: string;
  readonly form_uri: string | null;
  readonly redirect_uri: string | null;
  readonly tags: readonly string[];
  readonly sandbox: boolean;
  paused: boolean;
  readonly version: string;
  readonly webhook_ids: readonly string[];
  readonly privacy_notices_read_consent_given: boolean | null;
}

export interface Check {
  readonly wire: CheckWire;
  readonly documentIds: readonly string[];
  /** the sandbox-only wishes of the request */
  readonly wishes: { readonly consider: readonly string[]; readonly subResult: string | undefined };
  completedAt: string | null;
}

export interface ReportWire {
  readonly id: string;
  readonly name: string;
  readonly check_id: string;
  readonly created_at: string;
  readonly href: string;
  status: string;
  result: string | null;
  sub_result: string | null;
  breakdown: unknown;
  properties: unknown;
  readonly documents?: readonly { readonly id: string }[];
}

export interface Report {
  wire: ReportWire;
  /** named by its check, but neither listed nor found */
  missing: boolean;
}

export interface RunWire {
  readonly id: string;
  readonly applicant_id: string;
  readonly workflow_id: string;
  readonly workflow_version_id: number;
  status: string;
  readonly dashboard_url: string;
  output: unknown;
  reasons: readonly string[];
  error: { readonly type: string; readonly message: string } | null;
  readonly sdk_token: string;
  readonly tags: readonly string[];
  readonly customer_user_id: string | null;
  readonly link: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  updated_at: string;
}

export interface TaskWire {
  readonly id: string;
  readonly workflow_run_id: string;
  readonly task_def_id: string;
  readonly task_def_version: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly input: unknown;
  readonly output: unknown;
}

export interface Run {
  readonly wire: RunWire;
  readonly sandbox: boolean;
  /** kept, but never part of an answer */
  readonly customData: unknown;
  /** media the applicant had before, which do not count for this run */
  readonly earlierMedia: ReadonlySet<string>;
  tasks: readonly TaskWire[];
  completedAt: string | null;
}

export interface WebhookWire {
  readonly id: string;
  readonly href: string;
  readonly token: string;
  url: string;
  name: string | null;
  enabled: boolean;
  events: readonly string[];
  environments: readonly string[];
  payload_version: number;
  oauth_enabled: boolean;
  oauth_server_url: string | null;
  oauth_server_client_id: string | null;
  oauth_server_client_secret: string | null;
  oauth_server_scope: string | null;
}

/** What an SDK token was made for. */
export interface SdkToken {
  readonly applicantId: string;
  readonly referrer: string | null;
  /** epoch milliseconds */
  readonly expiresAt: number;
  readonly runId: string | null;
}

export interface World {
  readonly applicants: Map<string, Applicant>;
  readonly media: Map<string, Media>;
  readonly checks: Map<string, Check>;
  readonly reports: Map<string, Report>;
  readonly runs: Map<string, Run>;
  readonly webhooks: Map<string, WebhookWire>;
  readonly tokens: Map<string, SdkToken>;
  /** by applicant, check or run id */
  readonly decisions: Map<string, Outcome>;
}

/** An empty world. */
export function createWorld(): World {
  return {
    applicants: new Map(),
    media: new Map(),
    checks: new Map(),
    reports: new Map(),
    runs: new Map(),
    webhooks: new Map(),
    tokens: new Map(),
    decisions: new Map(),
  };
}

/** The applicant's media of one kind, oldest first. */
export function mediaOf(world: World, applicantId: string, kind: MediaKind): Media[] {
  return [...world.media.values()].filter(media => media.kind === kind && media.applicantId === applicantId);
}
