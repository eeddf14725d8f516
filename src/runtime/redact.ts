/**
 * What keeps personal data and secrets out of the log although somebody passed them. The first line of defence is not
 * to pass them; this is the second.
 */

const removed = '[removed]';
const deepest = 6;
const longestList = 50;

/** Fields never written, by name in lower case without `-` and `_`. */
const forbiddenNames = new Set(
  `phone phonenumber msisdn email name firstname lastname fullname dob dateofbirth birthdate address documentnumber
  body rawbody raw payload text html url uri href originalurl query querystring search headers cookie cookies
  authorization signature linkid masterkey privatekey apikey pem`.split(/\s+/),
);
const forbiddenEndings = /(token|secret|password|passphrase|apikey|credential)$/;

const patterns: readonly (readonly [RegExp, string])[] = [
  // a URL keeps its origin
  [/\b(https?|wss?):\/\/(?:[^\s/?#"'<>@]*@)?([^\s/?#"'<>]*)[^\s"'<>)]*/gi, '$1://$2/…'],
  // a path keeps its pattern: what follows one of these segments identifies somebody
  [/\/(v|submit|register|token|applicants|registrations|checks|identities)\/[^\s/?#"'<>):]+/g, '/$1/…'],
  [/\?[\w.%~[\]-]+=[^\s"'<>]*/g, '?…'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 …'],
  [/\b(token|secret|password|signature|api_?key)=[^\s&"']+/gi, '$1=…'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…'],
  // begins where a word does: from each letter of a long word anew it would take a second for a few thousand of them
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi, '…@…'],
  [/\+\d(?:[ ().-]{0,2}\d){6,14}/g, '+…'],
];

/** The text without addresses, phone numbers, tokens, queries and identifying parts of paths. */
export function cleanText(text: string): string {
  return patterns.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/** The fields with forbidden names blanked, texts cleaned and errors described. */
export function cleanFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return cleanObject(fields, 0);
}

function cleanObject(fields: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || typeof value === 'function') continue;
    clean[name] = isForbidden(name) ? removed : cleanValue(value, depth + 1);
  }
  return clean;
}

function isForbidden(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return forbiddenNames.has(plain) || forbiddenEndings.test(plain);
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > deepest) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, longestList).map(item => cleanValue(item, depth + 1));
  return cleanObject(value, depth);
}

/** Type, text, code, stack and causes. Other properties of an error stay out: vendors hang whole requests there. */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, kind, cause } = error as Error & { code?: unknown; kind?: unknown };
  return {
    type: error.name,
    message: cleanText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof kind === 'string' ? { kind } : {}),
    stack: cleanText(error.stack ?? ''),
    ...(cause === undefined || depth > deepest ? {} : { cause: cleanValue(cause, depth + 1) }),
    ...(error instanceof AggregateError && depth <= deepest
      ? { errors: cleanValue(error.errors, depth + 1) }
      : {}),
  };
}
