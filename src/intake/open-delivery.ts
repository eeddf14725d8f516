import { bodyContext, type DeliveryRow } from '../store/deliveries.js';
import type { Store } from '../store/store.js';

/**
 * The raw body of a kept delivery; null when it was dropped.
 *
 * @throws SealError when the row was changed or moved
 */
export function openDelivery(store: Store, delivery: DeliveryRow): Buffer | null {
  if (delivery.body_sealed === null) return null;
  return store.keyring.openOwn(delivery.body_sealed, bodyContext(delivery.content_key));
}
