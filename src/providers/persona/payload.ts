/**
 * Shapes of what Persona sends, as lenient as they can be: only what is used is named, `null` and absent are the same,
 * unknown fields and words are allowed. An id that does not match its pattern makes an answer unreadable.
 */
import { z } from 'zod';
import { isAccountId, isInquiryId, type PersonaId } from './ids.js';

const text = z.string().nullish().catch(null);
const inquiryId = z.custom<PersonaId>(isInquiryId);

/** Anything of JSON:API that is told apart by type and id. */
export const identifier = z.object({ type: z.string(), id: z.string() });
export type Identifier = z.infer<typeof identifier>;

/** Empty relationships come as `null`, as `{}` and as an empty list. */
const many = z
  .object({ data: z.array(identifier).nullish().catch(null) })
  .nullish()
  .catch(null);

const one = z
  .object({ data: identifier.nullish().catch(null) })
  .nullish()
  .catch(null);

export const inquiry = z.object({
  id: inquiryId,
  attributes: z.object({
    status: z.string(),
    'reference-id': text,
    'created-at': text,
    'expires-at': text,
    'completed-at': text,
    'redacted-at': text,
  }),
  relationships: z.object({ verifications: many, reports: many, reviewer: one }).nullish().catch(null),
});
export type Inquiry = z.infer<typeof inquiry>;

/** An object of `included` or an answer's `data`: read further by whoever knows its type. */
export const resource = z.looseObject({ type: z.string(), id: z.string() });
export type Resource = z.infer<typeof resource>;

export const inquiryAnswer = z.object({
  data: inquiry,
  included: z.array(resource).nullish().catch(null),
});

export const createdInquiry = z.object({
  data: inquiry,
  meta: z.object({ 'one-time-link': text }).nullish().catch(null),
});

export const oneTimeLink = z.object({ data: inquiry, meta: z.object({ 'one-time-link': z.string() }) });

export const resumedInquiry = z.object({ data: inquiry, meta: z.object({ 'session-token': text }) });

export const resourceAnswer = z.object({ data: resource });

const links = z.object({ next: text }).nullish().catch(null);

const listed = z.object({ 'reference-id': text, 'redacted-at': text });

export const inquiryList = z.object({
  data: z.array(z.object({ id: inquiryId, attributes: listed })),
  links,
});

export const accountList = z.object({
  data: z.array(z.object({ id: z.custom<PersonaId>(isAccountId), attributes: listed })),
  links,
});
