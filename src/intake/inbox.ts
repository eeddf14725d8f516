/**
 * The way in for deliveries: those that arrive together are committed together, and each is answered only after its
 * commit. A commit takes a sync of the disk, and one sync serves any number of rows.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../runtime/clock.js';
import { keepDeliveries, type NewDelivery } from '../store/deliveries.js';
import type { Store } from '../store/store.js';

/** A genuine delivery, verified but not yet read. */
export interface GenuineDelivery {
  readonly organization: string;
  readonly provider: string;
  readonly raw: Buffer;
}

export interface Inbox {
  /** resolves once the delivery is committed; rejects when the commit failed, with nothing of it kept */
  keep(delivery: GenuineDelivery): Promise<void>;
}

/** The context a raw body is sealed for. */
export function bodyContext(contentKey: Buffer): string {
  return `delivery ${contentKey.toString('hex')}`;
}

/** What makes two deliveries the same: their organization and every byte. */
export function contentKeyOf(organization: string, raw: Buffer): Buffer {
  return createHash('sha256').update(organization).update('\0').update(raw).digest();
}

interface Waiting {
  readonly delivery: NewDelivery;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Builds the inbox. `onKept` is called after each commit. */
export function createInbox(store: Store, clock: Clock, onKept: () => void): Inbox {
  let waiting: Waiting[] = [];

  function commit(): void {
    const batch = waiting;
    waiting = [];
    try {
      keepDeliveries(
        store.inbox,
        batch.map(({ delivery }) => delivery),
      );
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
    onKept();
  }

  return {
    keep({ organization, provider, raw }) {
      const contentKey = contentKeyOf(organization, raw);
      const bodySealed = store.keyring.sealOwn(raw, bodyContext(contentKey));
      const delivery = { contentKey, organization, provider, receivedAt: clock.now(), bodySealed };
      return new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        // whatever else this turn of the event loop brings goes into the same commit
        if (waiting.length === 1) setImmediate(commit);
      });
    },
  };
}
