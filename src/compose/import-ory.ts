/** Taking over what an older setup's handlers wrote onto Kratos identities. */
import type { Config, KratosSettings, Organization } from '../config/config.js';
import { createKratosClient, type KratosClient, KratosError } from '../effects/mirror/kratos-client.js';
import { oryWordsOf } from '../providers/registry.js';
import { createOryImport, type ImportSummary, type Source } from '../registration/ory/import-identities.js';
import type { Clock } from '../runtime/clock.js';
import { createOutbound } from '../runtime/create-outbound.js';
import type { Store } from '../store/store.js';

export interface ImportOptions {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  /** only this provider's; null: every provider that serves Ory */
  readonly provider: string | null;
  /** whether anything is written; only here, never in Kratos */
  readonly apply: boolean;
  /** who decides to take it over */
  readonly by: string;
}

const patience = 5;

/**
 * Reads all identities of Kratos, a page at a time.
 *
 * @throws Error with what is missing in the configuration
 * @throws {KratosError}
 */
export async function importOry(options: ImportOptions): Promise<ImportSummary> {
  const { config, store, clock, apply, by } = options;
  const { kratos: settings } = config;
  if (!settings) throw new Error('no Kratos is configured: set kratos.adminUrl (or KRATOS_ADMIN_URL)');
  const sources = sourcesOf(options);
  if (sources.length === 0)
    throw new Error('no organization serves Ory for that: one for each provider says `ory: true`');
  const outbound = createOutbound({ ...settings.trust, allowPrivate: true });
  try {
    const kratos = createKratosClient(clientSettings(settings), outbound);
    const importing = createOryImport({ store, clock, sources, apply, by });
    const seen = new Set<string>();
    for (let token: string | null = null; ; ) {
      const page = await readPage(kratos, clock, token);
      importing.take(page.identities);
      if (page.next === null) return importing.summary();
      if (seen.has(page.next))
        throw new Error('Kratos names a page of identities twice: nothing more is read');
      seen.add(page.next);
      token = page.next;
    }
  } finally {
    await outbound.close();
  }
}

function clientSettings({ adminUrl, apiKey }: KratosSettings) {
  return { adminUrl, ...(apiKey === undefined ? {} : { apiKey }) };
}

function sourcesOf({ config, provider }: ImportOptions): Source[] {
  return config.organizations.flatMap((organization: Organization) => {
    const { provider: name } = organization.provider;
    const words = oryWordsOf(name);
    const wanted = organization.ory && (provider === null || provider === name);
    return wanted && words ? [{ organization, provider: name, words }] : [];
  });
}

/** Ory Network says how long to wait; anything else that may pass is tried again as well. */
async function readPage(kratos: KratosClient, clock: Clock, token: string | null) {
  for (let attempt = 1; ; attempt++)
    try {
      return await kratos.listIdentities(token);
    } catch (error) {
      if (!(error instanceof KratosError) || error.kind !== 'later' || attempt >= patience) throw error;
      const wait = error.retryAfterMs ?? attempt * 1_000;
      await new Promise<void>(resolve => clock.after(wait, resolve));
    }
}
