import { type Db, sql } from './db.js';
import type { WebhooksTable } from './schema.js';

/** Keeps what is known of an organization's webhook at its provider. */
export function saveWebhook(db: Db, webhook: WebhooksTable): void {
  const { organization, ...rest } = webhook;
  db.run(
    sql
      .insertInto('webhooks')
      .values({ organization, ...rest })
      .onConflict(conflict => conflict.column('organization').doUpdateSet(rest)),
  );
}

/** All known webhooks. */
export function listWebhooks(db: Db): WebhooksTable[] {
  return db.all<WebhooksTable>(sql.selectFrom('webhooks').selectAll());
}
