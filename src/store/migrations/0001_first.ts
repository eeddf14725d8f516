/** The first schema. Frozen: a change is a new file. Times are epoch milliseconds, sealed columns AES-256-GCM. */
export const first = `
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kiosks (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  name TEXT NOT NULL,
  key_hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  UNIQUE (organization, name)
) STRICT;

CREATE TABLE identities (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  phone_index BLOB,
  phone_sealed BLOB,
  data_key BLOB NOT NULL,
  status TEXT NOT NULL,
  since INTEGER NOT NULL,
  source_seq INTEGER,
  source_by TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (organization, phone_index)
) STRICT;

CREATE TABLE registrations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  organization TEXT NOT NULL,
  identity_id TEXT NOT NULL REFERENCES identities (id),
  kiosk_id TEXT REFERENCES kiosks (id),
  kratos_identity_id TEXT,
  provider TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  decided_at INTEGER,
  language TEXT NOT NULL,
  country TEXT,
  names_sealed BLOB,
  notifies INTEGER NOT NULL,
  phone_verified INTEGER NOT NULL,
  external_site INTEGER NOT NULL,
  sms_link_hash BLOB NOT NULL UNIQUE,
  kiosk_link_hash BLOB NOT NULL UNIQUE,
  applicant_ref TEXT,
  consent_at INTEGER,
  link_sent INTEGER NOT NULL DEFAULT 0,
  opened_by_sms INTEGER NOT NULL DEFAULT 0,
  opened_by_kiosk INTEGER NOT NULL DEFAULT 0,
  deadline_passed INTEGER,
  failed INTEGER NOT NULL DEFAULT 0,
  person_action TEXT,
  person_at INTEGER,
  result TEXT,
  reason TEXT,
  reason_codes TEXT NOT NULL DEFAULT '[]',
  told TEXT,
  revision INTEGER NOT NULL DEFAULT 0,
  UNIQUE (provider, applicant_ref)
) STRICT;
CREATE INDEX registrations_of_identity ON registrations (identity_id, seq);
CREATE INDEX registrations_of_kratos_identity ON registrations (kratos_identity_id, seq)
  WHERE kratos_identity_id IS NOT NULL;

CREATE TABLE checks (
  id TEXT PRIMARY KEY,
  registration_id TEXT NOT NULL REFERENCES registrations (id),
  provider TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  check_ref TEXT,
  workflow INTEGER NOT NULL DEFAULT 0,
  submitted INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  hinted_at INTEGER,
  latest TEXT,
  last_final TEXT,
  used_media TEXT NOT NULL DEFAULT '[]',
  media TEXT NOT NULL DEFAULT '[]',
  person_sealed BLOB,
  UNIQUE (registration_id, attempt),
  UNIQUE (provider, check_ref)
) STRICT;

CREATE TABLE registration_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  registration_id TEXT NOT NULL REFERENCES registrations (id),
  status TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_registration ON registration_events (registration_id, id);

CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  registration_id TEXT NOT NULL REFERENCES registrations (id),
  kiosk_id TEXT,
  organization TEXT NOT NULL,
  identity_id TEXT NOT NULL REFERENCES identities (id),
  kind TEXT NOT NULL,
  effect_key TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  vendor TEXT,
  vendor_ref TEXT UNIQUE,
  segments INTEGER,
  error_code TEXT,
  created_at INTEGER NOT NULL,
  attempted_at INTEGER,
  settled_at INTEGER
) STRICT;
CREATE INDEX notices_of_registration ON notices (registration_id, created_at);
CREATE INDEX notices_of_identity ON notices (identity_id, created_at);
CREATE INDEX notices_by_time ON notices (created_at);

CREATE TABLE review_cases (
  id TEXT PRIMARY KEY,
  registration_id TEXT NOT NULL REFERENCES registrations (id),
  cause TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  action TEXT,
  reason TEXT
) STRICT;
CREATE UNIQUE INDEX one_open_case ON review_cases (registration_id) WHERE closed_at IS NULL;
CREATE INDEX open_cases ON review_cases (opened_at) WHERE closed_at IS NULL;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL,
  subject TEXT,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  check_id TEXT NOT NULL REFERENCES checks (id),
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  file TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  UNIQUE (check_id, ref)
) STRICT;

CREATE TABLE webhooks (
  organization TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  ref TEXT NOT NULL,
  url TEXT NOT NULL,
  token_sealed BLOB NOT NULL,
  checked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  receiver TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 1,
  lease_holder TEXT,
  lease_until INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX jobs_ready ON jobs (run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (lane) WHERE state = 'running';
CREATE INDEX jobs_dead ON jobs (finished_at) WHERE state = 'dead';
CREATE INDEX jobs_done ON jobs (finished_at) WHERE state = 'done';
`;
