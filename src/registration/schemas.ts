/** What the kiosk API takes and gives. One definition: requests are checked with it, OpenAPI is written from it. */
import { z } from 'zod';
import { identityStatuses } from '../domain/identity.js';
import { registrationStatuses } from '../domain/registration.js';
import { results } from '../domain/results.js';

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // what the provider refuses in names (Onfido notes, section 3) and what no name contains
  .regex(/^[^!#$%*=<>;{}"\p{Cc}]*$/u, 'contains characters that a name does not have');

/** Body of `POST /api/v1/registrations`. */
export const registrationRequest = z
  .strictObject({
    phone: z.string().max(60).describe('the customer’s mobile number, national or with +'),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})?$/)
      .optional()
      .describe(
        'language of texts and pages: cs, de, en, es or fr, with or without a region; others fall back',
      ),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/)
      .optional()
      .describe('where the kiosk stands, ISO 3166 alpha-2'),
    firstName: name.optional(),
    lastName: name.optional(),
    phoneVerified: z
      .boolean()
      .optional()
      .describe('the kiosk has itself proven that the number is the customer’s'),
    kratosIdentityId: z
      .uuid()
      .refine(id => !/^[0-]+$/.test(id), 'is the nil UUID')
      .optional(),
    notify: z.enum(['sms', 'none']).optional().describe('none: no text is ever sent for this registration'),
  })
  .meta({ id: 'RegistrationRequest' });

export type RegistrationRequest = z.infer<typeof registrationRequest>;

const resultNames = Object.keys(results) as [keyof typeof results, ...(keyof typeof results)[]];

/** A registration as answered. */
export const registrationAnswer = z
  .object({
    id: z.string(),
    status: z.enum(registrationStatuses),
    verificationUrl: z.string().describe('the kiosk’s link for the customer, also as QR code'),
    expiresAt: z.string().describe('RFC 3339, UTC'),
    provider: z.string(),
    createdAt: z.string(),
    identityStatus: z.enum(identityStatuses),
    attempt: z.int().describe('1, one more for each resubmission'),
    result: z.enum(resultNames).optional(),
    reason: z.string().optional(),
    reasonCodes: z.array(z.string()).optional(),
    notices: z
      .array(
        z.object({
          kind: z.string(),
          status: z
            .string()
            .describe('queued, accepted, sent, delivered, undelivered, failed, unsubscribed or skipped'),
          at: z.string(),
          segments: z.int().optional(),
          errorCode: z.string().optional(),
        }),
      )
      .describe('the texts of this registration; an undeliverable number shows here'),
  })
  .meta({ id: 'Registration' });

export type RegistrationAnswer = z.infer<typeof registrationAnswer>;

/** Body of `POST /api/v1/identities/lookup`. */
export const lookupRequest = z.strictObject({ phone: z.string().max(60) }).meta({ id: 'LookupRequest' });

/** Answer of the look-up. */
export const lookupAnswer = z
  .object({
    status: z.enum(identityStatuses),
    result: z.enum(resultNames).optional(),
    since: z.string().nullable().describe('RFC 3339; null for a number never seen'),
  })
  .meta({ id: 'Identity' });

export type LookupAnswer = z.infer<typeof lookupAnswer>;

/** Body of every refusal. */
export const errorAnswer = z
  .object({ error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }) })
  .meta({ id: 'Error' });
