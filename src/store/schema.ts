/** The tables as Kysely sees them: the types of columns, nothing else. Booleans are 0 and 1. */
import type { Generated } from 'kysely';

/** Everything in both databases. A table lives in one of them: `deliveries` and `arrivals` in the inbox, the rest in the main one. */
export interface Tables {
  meta: { name: string; value: string };
  kiosks: KiosksTable;
  identities: IdentitiesTable;
  registrations: RegistrationsTable;
  checks: ChecksTable;
  registration_events: { id: Generated<number>; registration_id: string; status: string; at: number };
  notices: NoticesTable;
  review_cases: ReviewCasesTable;
  alerts: { id: Generated<number>; code: string; subject: string | null; at: number };
  documents: DocumentsTable;
  webhooks: WebhooksTable;
  jobs: JobsTable;
  closed_receivers: ClosedReceiversTable;
  erasures: ErasuresTable;
  blocked_identities: { kratos_index: Buffer; blocked_at: number };
  used_resume_links: { nonce: Buffer; used_at: number };
  deliveries: DeliveriesTable;
  arrivals: { id: Generated<number>; deliveries: number; sealed: Buffer; unreadable: Generated<number> };
}

export interface KiosksTable {
  id: string;
  organization: string;
  name: string;
  key_hash: Buffer;
  created_at: number;
  revoked_at: number | null;
}

export interface IdentitiesTable {
  id: string;
  organization: string;
  phone_index: Buffer | null;
  phone_sealed: Buffer | null;
  data_key: Buffer;
  status: string;
  since: number;
  source_seq: number | null;
  source_by: string | null;
  created_at: number;
  kratos_identity_id: string | null;
}

export interface RegistrationsTable {
  seq: Generated<number>;
  id: string;
  organization: string;
  identity_id: string;
  kiosk_id: string | null;
  kratos_identity_id: string | null;
  provider: string;
  status: string;
  created_at: number;
  expires_at: number;
  decided_at: number | null;
  language: string;
  country: string | null;
  names_sealed: Buffer | null;
  notifies: number;
  phone_verified: number;
  external_site: number;
  sms_link_hash: Buffer;
  kiosk_link_hash: Buffer;
  applicant_ref: string | null;
  consent_at: number | null;
  link_sent: Generated<number>;
  opened_by_sms: Generated<number>;
  opened_by_kiosk: Generated<number>;
  deadline_passed: number | null;
  failed: Generated<number>;
  person_action: string | null;
  person_at: number | null;
  result: string | null;
  reason: string | null;
  reason_codes: Generated<string>;
  told: string | null;
  revision: Generated<number>;
  /** who asked: `kiosk` or `ory` */
  channel: Generated<string>;
  open_key: string | null;
  /** whether Kratos was told what it is to be told; null when there is nothing to tell */
  mirrored: Generated<number | null>;
  /** see `Registration.earlierDeclined` */
  earlier_declined: Generated<number>;
  /** since when it is turned down for good; null when it is not, or was so before this was noted */
  declined_at: number | null;
}

export interface ChecksTable {
  id: string;
  registration_id: string;
  provider: string;
  attempt: number;
  check_ref: string | null;
  workflow: Generated<number>;
  submitted: Generated<number>;
  created_at: number;
  started_at: number | null;
  hinted_at: number | null;
  making_since: number | null;
  latest: string | null;
  last_final: string | null;
  used_media: Generated<string>;
  media: Generated<string>;
  person_sealed: Buffer | null;
  /** when it became `submitted`, and when the provider’s first verdict was known */
  submitted_at: Generated<number | null>;
  answered_at: Generated<number | null>;
}

export interface NoticesTable {
  id: string;
  registration_id: string;
  kiosk_id: string | null;
  organization: string;
  identity_id: string;
  kind: string;
  effect_key: string;
  status: string;
  vendor: string | null;
  vendor_ref: string | null;
  segments: number | null;
  error_code: string | null;
  created_at: number;
  attempted_at: number | null;
  sending_since: number | null;
  settled_at: number | null;
}

export interface ReviewCasesTable {
  id: string;
  registration_id: string;
  cause: string;
  opened_at: number;
  closed_at: number | null;
  closed_by: string | null;
  action: string | null;
  reason: string | null;
}

export interface DocumentsTable {
  id: Generated<number>;
  check_id: string;
  kind: string;
  ref: string;
  file: string;
  content_type: string;
  bytes: number;
  stored_at: number;
}

export interface WebhooksTable {
  organization: string;
  provider: string;
  ref: string;
  url: string;
  token_sealed: Buffer;
  checked_at: number;
}

export interface JobsTable {
  id: Generated<number>;
  key: string;
  kind: string;
  lane: string;
  receiver: string;
  payload: string;
  state: string;
  run_at: number;
  attempts: Generated<number>;
  asked: Generated<number>;
  /** nobody waits for it */
  background: Generated<number>;
  /** times in a row that the process ended while it ran */
  interruptions: Generated<number>;
  lease_holder: string | null;
  lease_until: number | null;
  last_error: string | null;
  created_at: number;
  finished_at: number | null;
}

/** Receivers that get no jobs for a while because they do not answer; see `jobs/receivers.ts`. */
export interface ClosedReceiversTable {
  name: string;
  closed_at: number;
  closed_until: number;
  last_error: string;
}

/** See `erasures.ts`. */
export interface ErasuresTable {
  id: string;
  asked_at: number;
  remains_sealed: Buffer;
  swept_at: number | null;
  settled_at: number | null;
}

export interface DeliveriesTable {
  id: Generated<number>;
  content_key: Buffer;
  organization: string;
  provider: string;
  received_at: number;
  times: Generated<number>;
  body_sealed: Buffer | null;
  action: string | null;
  check_ref: string | null;
  outcome: string | null;
}
