/** The job that takes back what was written onto the Kratos identity of somebody who was erased here. */
import { isLegacyDecline } from '../../domain/gate.js';
import type { JobHandler } from '../../jobs/runner.js';
import type { Organizations } from '../../providers/organizations.js';
import type { Clock } from '../../runtime/clock.js';
import { askForMirror } from '../../store/commit.js';
import { findErasure } from '../../store/erasures.js';
import { newestOnKratosIdentity } from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import type { KratosClient } from '../mirror/kratos-client.js';
import { erasurePlan } from './erase-at-provider.js';

export interface EraseInKratosOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** null when no Kratos is configured: nothing is then written */
  readonly kratos: KratosClient | null;
}

/**
 * Builds the handler. Somebody who came back meanwhile, or is known at a kiosk too, has that told in the same place: it
 * is written instead.
 */
export function createEraseInKratos(options: EraseInKratosOptions): JobHandler<'erase_in_kratos'> {
  const { store, clock, kratos } = options;
  return {
    plan: erasurePlan,
    async run(job, signal) {
      const mirror = findErasure(store, job.payload.erasureId)?.remains.mirrors[job.payload.place];
      const organization = mirror && options.organizations.find(mirror.organization);
      if (!kratos || !mirror || !organization?.ory || !organization.settings.mirror) return { forget: true };
      const { kratosId, provider } = mirror;
      const present = newestOnKratosIdentity(store.main, kratosId, provider);
      if (present) askForMirror(store.main, present.row, clock.now());
      else await kratos.writeStatus(kratosId, { path: organization.ory.path, value: null }, signal);
      for (const path of organization.ory.published.flat) await removeFlat(kratos, kratosId, path, signal);
      return { forget: true };
    },
  };
}

/** What an older setup wrote beside the object. A decline stays: it keeps the gate closed, and names nobody. */
async function removeFlat(
  kratos: KratosClient,
  kratosId: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await kratos.readStatus(kratosId, path, signal);
  if (found === 'orphan' || found.value === undefined || found.value === null || isLegacyDecline(found.value))
    return;
  await kratos.writeStatus(kratosId, { path, value: null }, signal);
}
