/**
 * Which pictures the earlier attempts of a registration have used up. It is noted when a check is made; where the answer to
 * that was lost and a delivery made the check known, the provider is asked, before anything is made of what it holds.
 */
import type { Provider } from '../providers/provider.js';
import { type CheckRow, noteCheck, type StoredRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';

/** Null: the provider does not say what an earlier check was made of, so that no picture is known to be new (yet). */
export async function usedBefore(
  { store, provider }: { readonly store: Store; readonly provider: Provider },
  stored: StoredRegistration,
  check: CheckRow,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const used: string[] = [];
  for (const earlier of stored.checks.filter(({ attempt }) => attempt < check.attempt)) {
    const noted = JSON.parse(earlier.used_media) as string[];
    // runs go on by themselves, and nothing is noted of them
    const isNoted = noted.length > 0 || earlier.workflow === 1 || provider.page.workflow;
    const media = isNoted ? noted : await askFor(provider, stored, earlier, signal);
    if (!media) return null;
    if (!isNoted) noteCheck(store.main, earlier.id, { usedMedia: media });
    used.push(...media);
  }
  return used;
}

async function askFor(
  provider: Provider,
  { row }: StoredRegistration,
  { id: checkId }: CheckRow,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (row.applicant_ref === null) return null;
  const question = { applicantRef: row.applicant_ref, checkId, usedMedia: [], made: true } as const;
  const said = await provider.submit(question, signal);
  return said.outcome === 'submitted' ? said.usedMedia : null;
}
