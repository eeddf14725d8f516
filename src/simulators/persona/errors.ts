/** An answer of the API other than success; the one translator is in `api.ts`. */
export class PersonaError extends Error {
  override readonly name = 'PersonaError';
  constructor(
    readonly status: number,
    readonly title: string,
    /** empty where the API gives none */
    readonly details: string,
  ) {
    super(details);
  }
}

/** The error body of the API. */
export function errorBody({ title, details }: PersonaError): unknown {
  return { errors: [details === '' ? { title } : { title, details }] };
}

export function badRequest(details: string): PersonaError {
  return new PersonaError(400, 'Bad request', details);
}

export function notFound(): PersonaError {
  return new PersonaError(404, 'Record not found', 'Record not found');
}

export function conflict(details: string): PersonaError {
  return new PersonaError(409, 'Conflict', details);
}

const titles: Readonly<Record<number, readonly [string, string]>> = {
  400: ['Bad request', 'The request cannot be understood'],
  401: ['Must be authenticated to access this endpoint', ''],
  403: ['Forbidden', 'The API key lacks a permission'],
  429: ['Rate limit exceeded', 'You have hit your rate limit of 300 requests / min'],
};

/** The body for a status that a fault asks for. */
export function faultBody(status: number): unknown {
  const [title, details] = titles[status] ?? ['Internal server error', 'Something went wrong on our side'];
  return errorBody(new PersonaError(status, title, details));
}
