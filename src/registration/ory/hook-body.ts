/** What Kratos' hooks send, read without trusting its shape: templates leave out, null or mistype whatever they like. */
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

/** Both names, if both are names: what the provider would refuse is left out rather than the customer. */
export function namesOf(body: unknown): { firstName: string; lastName: string } | null {
  const [firstName, lastName] = [nameOf(member(body, 'first_name')), nameOf(member(body, 'last_name'))];
  return firstName === null || lastName === null ? null : { firstName, lastName };
}

function nameOf(value: unknown): string | null {
  const name = typeof value === 'string' ? value.trim() : '';
  return /^[^!#$%*=<>;{}"\p{Cc}]{1,100}$/u.test(name) ? name : null;
}
