import type { FastifyRequest } from 'fastify';
import { hashSecret } from '../runtime/keyring.js';
import type { Db } from '../store/db.js';
import { findKioskByKey } from '../store/kiosks.js';
import type { KiosksTable } from '../store/schema.js';
import { refusals } from './refusals.js';

/** How a key begins, so that one found somewhere says what it is. */
export const kioskKeyPrefix = 'gh_kiosk_';

/**
 * The kiosk whose key the request carries. Keys have 256 random bits and are found by their hash, so there is nothing
 * to compare byte by byte.
 *
 * @throws AppError `unauthorized`
 */
export function demandKiosk(db: Db, request: FastifyRequest): KiosksTable {
  const match = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(request.headers.authorization ?? '');
  const kiosk = match?.[1]?.startsWith(kioskKeyPrefix) ? findKioskByKey(db, hashSecret(match[1])) : undefined;
  if (!kiosk) throw refusals.unauthorized();
  return kiosk;
}
