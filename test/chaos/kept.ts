import { createKeyring } from '../../src/runtime/keyring.js';
import { unpackArrivals } from '../../src/store/arrivals.js';
import { newestKeys } from '../../src/store/deliveries.js';
import { rememberRecent } from '../../src/store/recent-deliveries.js';
import { openStore } from '../../src/store/store.js';
import { secrets } from '../support/installation.js';
import type { ChaosWorld } from './world.js';

/** The content keys in the inbox, in hexadecimal and in order, once everything is unpacked. No gateway may run. */
export function keptKeys(world: ChaosWorld): string[] {
  const keyring = createKeyring(Buffer.from(secrets.GATEHOUSE_MASTER_KEY, 'hex'));
  const store = openStore(world.installation.dataDir, keyring, world.now());
  try {
    unpackArrivals(store.inbox, keyring, Number.POSITIVE_INFINITY, rememberRecent(store.inbox));
    return newestKeys(store.inbox, -1)
      .map(({ content_key }) => content_key.toString('hex'))
      .sort();
  } finally {
    store.close();
  }
}
