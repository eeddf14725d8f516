/** Persona's ids, and the reference we give it. Only ids of the types below ever enter a path. */
import { randomBytes } from 'node:crypto';
import { ProviderError } from '../provider.js';

/** An object's id at Persona that matched the pattern of its kind. */
export type PersonaId = string & { readonly brand: 'persona' };

/**
 * Our name of one customer's registration at Persona, sent as `reference-id`. Not guessable, not a secret: Persona puts
 * it into the URL it sends the customer back to, and whoever knows the template may claim it for an inquiry of their own.
 */
export type Reference = string & { readonly brand: 'reference' };

const inquiryPattern = /^inq_[A-Za-z0-9]{1,64}$/;
const verificationPattern = /^ver_[A-Za-z0-9]{1,64}$/;
const accountPattern = /^act_[A-Za-z0-9]{1,64}$/;
const referencePattern = /^gh_[0-9a-f]{32}$/;
const photoPattern = /^(ver_[A-Za-z0-9]{1,64}):([a-z]{1,20})$/;

export function isInquiryId(value: unknown): value is PersonaId {
  return typeof value === 'string' && inquiryPattern.test(value);
}

export function isVerificationId(value: unknown): value is PersonaId {
  return typeof value === 'string' && verificationPattern.test(value);
}

export function isAccountId(value: unknown): value is PersonaId {
  return typeof value === 'string' && accountPattern.test(value);
}

export function isReference(value: unknown): value is Reference {
  return typeof value === 'string' && referencePattern.test(value);
}

/** @throws {ProviderError} `refused`, without repeating the text, which may be anything */
export function requireInquiryId(value: string): PersonaId {
  if (isInquiryId(value)) return value;
  throw new ProviderError('refused', 'not an inquiry id of Persona', { mayHaveActed: false });
}

/** @throws {ProviderError} `refused` */
export function requireReference(value: string): Reference {
  if (isReference(value)) return value;
  throw new ProviderError('refused', 'not a reference of ours', { mayHaveActed: false });
}

export function newReference(): Reference {
  return `gh_${randomBytes(16).toString('hex')}` as Reference;
}

/** A photo as `MediaReference.ref` names it: the verification it belongs to, and which of its pages. */
export interface Photo {
  readonly verificationId: PersonaId;
  readonly page: string;
}

export function photoRef(photo: Photo): string {
  return `${photo.verificationId}:${photo.page}`;
}

/** @throws {ProviderError} `refused` */
export function requirePhoto(ref: string): Photo {
  const [, verificationId = '', page = ''] = photoPattern.exec(ref) ?? [];
  if (isVerificationId(verificationId)) return { verificationId, page };
  throw new ProviderError('refused', 'not a photo of Persona', { mayHaveActed: false });
}
