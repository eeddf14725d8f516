const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id that Kratos' hooks send while the identity does not exist yet. */
export const nilKratosId = '00000000-0000-0000-0000-000000000000';

/** An identity's id in lower case; null when it is none, or the nil id, under which all customers would be one. */
export function readKratosId(text: unknown): string | null {
  const id = typeof text === 'string' ? text.toLowerCase() : '';
  return uuid.test(id) && id !== nilKratosId ? id : null;
}
