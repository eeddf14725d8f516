/**
 * What keeps work going while others do not: jobs are claimed receiver by receiver, so that the backlog of one that is
 * down costs the others nothing; jobs somebody waits for go first; a job that takes the process down with it is
 * counted; the sweep finds what was lost by indexes that hold only the few rows that are under way.
 */
export const resilience = `
ALTER TABLE jobs ADD COLUMN background INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN interruptions INTEGER NOT NULL DEFAULT 0;
DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (receiver, background, run_at, id) WHERE state = 'ready';

CREATE TABLE closed_receivers (
  name TEXT PRIMARY KEY,
  closed_at INTEGER NOT NULL,
  closed_until INTEGER NOT NULL,
  last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE checks ADD COLUMN submitted_at INTEGER;
ALTER TABLE checks ADD COLUMN answered_at INTEGER;
CREATE INDEX checks_unanswered ON checks (created_at) WHERE submitted = 1 AND last_final IS NULL;
CREATE INDEX checks_reopened ON checks (created_at)
  WHERE submitted = 1 AND last_final IS NOT NULL AND json_extract(latest, '$.kind') = 'reopened';
CREATE INDEX checks_by_answer ON checks (answered_at) WHERE answered_at IS NOT NULL;

ALTER TABLE registrations ADD COLUMN mirrored INTEGER;
CREATE INDEX registrations_waiting ON registrations (seq) WHERE status IN ('created', 'link_sent', 'opened');
CREATE INDEX registrations_to_mirror ON registrations (seq)
  WHERE mirrored = 0;
CREATE INDEX notices_queued ON notices (created_at) WHERE status = 'queued';
`;
