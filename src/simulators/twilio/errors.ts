/** An answer of the API other than success. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The error body of the API. */
export function errorBody({ code, message, status }: TwilioError): unknown {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

/** 404 naming the path. */
export function notFound(path: string): TwilioError {
  return new TwilioError(404, 20404, `The requested resource ${path} was not found`);
}

/** The body for a status that a fault asks for. */
export function faultBody(status: number): unknown {
  const known: Record<number, readonly [number, string]> = {
    401: [20003, 'Authenticate'],
    429: [20429, 'Too Many Requests'],
    503: [20503, 'Service Unavailable'],
  };
  const [code, message] = known[status] ?? [
    status < 500 ? 20001 : 20500,
    'An internal server error has occurred',
  ];
  return errorBody(new TwilioError(status, code, message));
}
