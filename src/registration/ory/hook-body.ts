/** What Kratos' hooks send, read without trusting its shape: templates leave out, null or mistype whatever they like. */
import type { CustomerData } from '../../domain/customer.js';
import { nilKratosId, readKratosId } from '../../domain/kratos-id.js';
import { AppError } from '../../runtime/app-error.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The object, or an empty one. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** An object's own member. */
export function member(value: unknown, key: string): unknown {
  const fields = fieldsOf(value);
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function statedId(body: unknown): unknown {
  return member(body, 'kratos_identity_id') ?? member(body, 'identity_id');
}

/** The identity a hook is about; null when it names none. */
export function kratosIdOf(body: unknown): string | null {
  return readKratosId(statedId(body));
}

/**
 * The same where there has to be one.
 *
 * @throws AppError that names the cure
 */
export function demandKratosId(body: unknown): string {
  const id = kratosIdOf(body);
  if (id !== null) return id;
  const field = { field: 'kratos_identity_id' };
  if (statedId(body) === nilKratosId)
    throw new AppError(
      'identity_nil',
      400,
      'The identity does not exist yet (nil id): this hook runs before Kratos stores it. Set response.parse and can_interrupt of the registration hook to false.',
      field,
    );
  throw new AppError(
    'identity_invalid',
    400,
    'kratos_identity_id (or identity_id) is not a UUID: have the hook’s template send ctx.identity.id.',
    field,
  );
}

/** The language the customer reads, as a tag. */
export function languageOf(body: unknown): string | undefined {
  const tag = member(body, 'language');
  return typeof tag === 'string' && tag.length <= 35 ? tag : undefined;
}

/** What is told of the customer: what a provider would refuse is left out rather than the customer. */
export function customerOf(body: unknown): CustomerData {
  const firstName = textLike(namePattern, member(body, 'first_name'));
  const lastName = textLike(namePattern, member(body, 'last_name'));
  const email = textLike(emailPattern, member(body, 'email'));
  return {
    ...(firstName === null ? {} : { firstName }),
    ...(lastName === null ? {} : { lastName }),
    ...(email === null ? {} : { email }),
  };
}

const namePattern = /^[^!#$%*=<>;{}"\p{Cc}]{1,100}$/u;
const emailPattern = /^[^\s@<>"\p{Cc}]{1,64}@[^\s@<>"\p{Cc}]{1,189}$/u;

function textLike(pattern: RegExp, value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return pattern.test(text) ? text : null;
}
