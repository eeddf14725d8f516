/** An answer of the API other than success; the one translator is in `api.ts`. */
export class OnfidoError extends Error {
  override readonly name = 'OnfidoError';
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly fields?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** The error body of the API. `fields` is there for validation errors only. */
export function errorBody(error: OnfidoError): unknown {
  const { type, message, fields } = error;
  return { error: fields ? { type, message, fields } : { type, message } };
}

/** 422 with what is wrong, by field. */
export function invalid(fields: Readonly<Record<string, unknown>>): OnfidoError {
  return new OnfidoError(422, 'validation_error', 'There was a validation error on this request', fields);
}

/** 404 naming the resource and the id. */
export function notFound(resource: string, id: string): OnfidoError {
  return new OnfidoError(404, 'resource_not_found', `Could not find ${resource} with id: ${id}`);
}

/** The body for a status that a fault asks for. */
export function faultBody(status: number): unknown {
  const types: Record<number, string> = { 400: 'bad_request', 401: 'authorization_error', 429: 'rate_limit' };
  const message = status === 429 ? 'Rate limit exceeded' : 'Something went wrong on our side';
  return errorBody(new OnfidoError(status, types[status] ?? 'internal_server_error', message));
}
