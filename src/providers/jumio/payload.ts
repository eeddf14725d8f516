/**
 * Shapes of what Jumio sends, as lenient as they can be: only what is used is named, unknown fields and words are
 * allowed. `href`s are never read: every URL is built from ids that matched their pattern.
 */
import { z } from 'zod';
import { isUuid, type Uuid } from './ids.js';

const uuid = z.custom<Uuid>(isUuid);
const text = z.string().nullish().catch(null);
/** Texts that also occur as numbers. */
const spelled = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);

/** The JSON in these bytes, or undefined. */
export function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const callbackBody = z.object({
  userReference: text,
  workflowExecution: z.object({ id: uuid, status: z.string() }),
  account: z.object({ id: uuid }),
});

export const token = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z.coerce.number().int().positive().catch(3600),
});

export const created = z.object({
  account: z.object({ id: uuid }),
  workflowExecution: z.object({ id: uuid }),
  web: z.object({ href: text }).nullish().catch(null),
  sdk: z.object({ token: text }).nullish().catch(null),
});

export const status = z.object({
  account: z.object({ id: uuid }),
  workflowExecution: z.object({ id: uuid, status: z.string() }),
});

/** Details are kept as they came; only what has to agree with what was asked for is read here. */
export const details = z.looseObject({
  account: z.object({ id: uuid }),
  workflow: z.looseObject({
    id: uuid,
    status: text,
    userReference: text,
    customerInternalReference: spelled,
  }),
});
