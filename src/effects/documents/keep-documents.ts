/** The job that brings the pictures a check's own reports name into the vault, one by one. */
import type { MediaReference } from '../../domain/findings.js';
import type { JobHandler } from '../../jobs/runner.js';
import type { Organizations } from '../../providers/organizations.js';
import { ProviderError } from '../../providers/provider.js';
import type { Clock } from '../../runtime/clock.js';
import type { Failpoint } from '../../runtime/failpoint.js';
import { addAlert, wasAlerted } from '../../store/alerts.js';
import { addDocument, documentsOf } from '../../store/documents.js';
import { findCheck, findRegistration } from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import type { Vault } from './vault.js';

export interface KeepDocumentsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly vault: Vault;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Builds the handler. What is in the vault already is not fetched again, so one failure does not cost the rest. */
export function createKeepDocuments(options: KeepDocumentsOptions): JobHandler<'documents'> {
  const { store, clock, vault } = options;
  return {
    async run(job, signal) {
      const { checkId } = job.payload;
      const check = findCheck(store.main, checkId);
      const stored = check && findRegistration(store.main, check.registration_id);
      const organization = stored && options.organizations.of(stored.row);
      if (!check || !stored || !organization) return undefined;
      const kept = new Set(documentsOf(store.main, checkId).map(({ ref }) => ref));
      for (const media of JSON.parse(check.media) as MediaReference[]) {
        if (kept.has(media.ref)) continue;
        try {
          const { bytes, contentType } = await organization.provider.download(media, signal);
          const { identity_id: identityId } = stored.row;
          const file = await vault.put({ identityId, checkId, ref: media.ref, bytes });
          options.failpoint?.('picture.stored');
          const { kind, ref } = media;
          addDocument(store.main, {
            check_id: checkId,
            kind,
            ref,
            file,
            content_type: contentType,
            bytes: bytes.length,
            stored_at: clock.now(),
          });
        } catch (error) {
          if (!(error instanceof ProviderError) || (error.kind !== 'missing' && error.kind !== 'refused'))
            throw error;
          noteMissing(options, checkId);
        }
      }
      return undefined;
    },
  };
}

/** The job comes here at every attempt, because another picture cannot be fetched now: told once for each check. */
function noteMissing({ store, clock }: KeepDocumentsOptions, checkId: string): void {
  const alert = { code: 'document_missing', subject: checkId };
  if (!wasAlerted(store.main, alert)) addAlert(store.main, alert, clock.now());
}
