import type { Log } from '../runtime/log.js';
import { alertsAfter, newestAlert } from '../store/alerts.js';
import type { Db } from '../store/db.js';
import { readMeta, writeMeta } from '../store/meta.js';

/** What an operator reads about an alert, by its code. */
const texts: Readonly<Record<string, string>> = {
  result_unknown: 'a check ended without a usable answer: see `gatehouse review list`',
  result_after_person: 'the provider spoke after a person had decided: see `gatehouse review list`',
  registered_check_reopened:
    'the check of a registered customer was reopened or withdrawn: see `gatehouse review list`',
  older_registration_suspected:
    'an earlier registration of a customer who has another one turned out to be fraud: see `gatehouse review list`',
  registration_failed: 'the provider refuses to make an applicant for a registration',
  foreign_check: 'a check that Gatehouse did not make exists for one of its applicants; it decides nothing',
  stranger_check:
    'checks are made with this organization’s template that Gatehouse did not make: they decide nothing',
  document_missing: 'a picture named by a report is gone at the provider',
  kratos_identity_gone:
    'Kratos does not know the identity of a registration (any more): what Ory asked for was erased here and at the provider',
  kratos_identities_gone:
    'Kratos does not know many identities: no more are erased in this hour; check that KRATOS_ADMIN_URL is the right project’s',
  receiver_closed: 'a receiver has not answered for a minute; its jobs wait: see `gatehouse jobs list`',
  provider_silent:
    'submitted checks go unanswered for much longer than usual: look at the provider’s status, and at whether its deliveries reach this box',
  text_refused:
    'the SMS vendor refuses texts, with the code named last: look at the sender and the account there; these texts are not sent again',
  deliveries_unreadable:
    'so many kept deliveries cannot be opened, because they were damaged or sealed with another key; they stay, and checks that are silent are asked for: see `gatehouse deliveries list`',
  job_given_up: 'a job was given up: see `gatehouse jobs list --state dead`',
  database_damaged: 'the database is damaged: stop, and restore it from a backup',
};

/** Said by whoever finds it, because their rows may be in what is damaged. */
const saidAtOnce: readonly string[] = ['database_damaged'];

const loggedName = 'alerts_logged';

/**
 * Returns a function that logs alerts made since it was last called, whichever process made them, also those of a
 * gateway that ended before it came to log them.
 */
export function watchAlerts(db: Db, log: Log): () => void {
  let last = lastLogged(db);
  return () => {
    const alerts = alertsAfter(db, last);
    for (const alert of alerts) {
      if (!saidAtOnce.includes(alert.code))
        log.warn({ alert: alert.code, subject: alert.subject }, textOf(alert.code));
      last = alert.id;
    }
    if (alerts.length > 0) writeMeta(db, loggedName, String(last));
  };
}

/** What an operator reads about an alert. */
export function textOf(code: string): string {
  return texts[code] ?? 'look at this';
}

/** Where nobody kept it, whatever there is has been logged. */
function lastLogged(db: Db): number {
  const kept = readMeta(db, loggedName);
  if (kept !== undefined) return Number(kept);
  const newest = newestAlert(db);
  writeMeta(db, loggedName, String(newest));
  return newest;
}
