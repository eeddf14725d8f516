import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Why a number is not served; codes of the kiosk API. */
export type PhoneProblem = 'phone_invalid' | 'phone_country_not_allowed' | 'phone_not_mobile';

/** A number as it is stored, or what is wrong with it. */
export type ParsedPhone =
  | { readonly ok: true; readonly e164: string /** ISO 3166 alpha-2 */; readonly country: string }
  | { readonly ok: false; readonly code: PhoneProblem };

/** Longer than any number with its spaces, short enough that nothing hostile gets far. */
const longest = 40;

/** Digits and what people put between them. Letters, other scripts' digits, invisible marks and extensions are refused. */
const plain = /^\+?[0-9 ().\-/]+$/;

/** Kinds of numbers that may receive an SMS; North American plans do not tell mobile from fixed. */
const mobile = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/**
 * Reads a phone number as typed at a kiosk. Without a leading `+`, or the country's own prefix for abroad, it is one of
 * `defaultCountry`. Only existing mobile numbers of `allowedCountries` pass, which also keeps premium-rate numbers from
 * being paid for. Total: never throws, whatever it is given. The text appears in no result but as `e164`.
 */
export function parsePhone(
  text: string,
  defaultCountry: string,
  allowedCountries: readonly string[],
): ParsedPhone {
  const trimmed = typeof text === 'string' && text.length <= longest ? text.trim() : '';
  if (!plain.test(trimmed)) return { ok: false, code: 'phone_invalid' };
  const number = isSupportedCountry(defaultCountry)
    ? parsePhoneNumberFromString(trimmed, { defaultCountry, extract: false })
    : parsePhoneNumberFromString(trimmed, { extract: false });
  if (!number?.isValid() || number.ext !== undefined) return { ok: false, code: 'phone_invalid' };
  const { country } = number;
  if (!isAllowed(country, allowedCountries)) return { ok: false, code: 'phone_country_not_allowed' };
  if (!mobile.has(number.getType() ?? '')) return { ok: false, code: 'phone_not_mobile' };
  return { ok: true, e164: number.number, country };
}

/** Numbers that belong to no country, such as international freephone ones, are never served. */
function isAllowed(country: CountryCode | undefined, allowed: readonly string[]): country is CountryCode {
  return country !== undefined && allowed.includes(country);
}
