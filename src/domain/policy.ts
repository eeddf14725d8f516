import type { PersonalData } from './findings.js';

/** What of an organization's settings `decide` needs. Times in milliseconds. */
export interface Policy {
  readonly autoRegistration: boolean;
  /** resubmissions allowed after REJECTED_IMAGE_INTEGRITY; 0: none */
  readonly resubmissions: number;
  readonly linkMs: number;
  readonly silenceMs: number;
}

/** When CLEAR waits for a person (CAS's "open extension": no automatic registration of older people or kids). */
export interface HoldRules {
  readonly minimumAge?: number;
  readonly maximumAge?: number;
  /** alpha-3 */
  readonly documentCountries?: readonly string[];
  readonly documentTypes?: readonly string[];
  readonly holdExpiredDocument: boolean;
}

/** Completed years between two plain dates `YYYY-MM-DD`; null when either is not one. */
export function ageOn(birthDate: string, today: string): number | null {
  const [by, bm, bd] = plainDate(birthDate) ?? [];
  const [ty, tm, td] = plainDate(today) ?? [];
  if (by === undefined || bm === undefined || bd === undefined) return null;
  if (ty === undefined || tm === undefined || td === undefined) return null;
  const hadBirthday = tm > bm || (tm === bm && td >= bd);
  return ty - by - (hadBirthday ? 0 : 1);
}

/**
 * Why this person must be looked at although everything is clear: `policy.…` codes in a fixed order, none when content.
 * A rule whose field was not read holds, because it cannot be said to be kept. `today` is a plain date.
 */
export function holdsOf(person: PersonalData | null, rules: HoldRules, today: string): string[] {
  const holds: string[] = [];
  const age = person?.birthDate === undefined ? null : ageOn(person.birthDate, today);
  if (rules.minimumAge !== undefined && (age === null || age < rules.minimumAge))
    holds.push('policy.minimum_age');
  if (rules.maximumAge !== undefined && (age === null || age > rules.maximumAge))
    holds.push('policy.maximum_age');
  const country = person?.issuingCountry ?? person?.country;
  if (rules.documentCountries && !(country && rules.documentCountries.includes(country)))
    holds.push('policy.document_country');
  const type = person?.documentType;
  if (rules.documentTypes && !(type && rules.documentTypes.includes(type)))
    holds.push('policy.document_type');
  const expires = person?.expirationDate;
  if (rules.holdExpiredDocument && expires !== undefined && (!plainDate(expires) || expires < today))
    holds.push('policy.document_expired');
  return holds;
}

function plainDate(text: string): [number, number, number] | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? [year, month, day] : null;
}
