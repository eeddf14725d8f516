/** An answer of Kratos other than success. */
export class KratosError extends Error {
  override readonly name = 'KratosError';
  constructor(
    readonly status: number,
    message: string,
    readonly reason?: string,
    readonly id?: string,
  ) {
    super(message);
  }
}

const statusTexts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The error body of Kratos. */
export function errorBody({ status, message, reason, id }: KratosError): unknown {
  return {
    error: {
      ...(id === undefined ? {} : { id }),
      code: status,
      status: statusTexts[status] ?? 'Error',
      ...(reason === undefined ? {} : { reason }),
      message,
    },
  };
}

export function notFound(): KratosError {
  return new KratosError(404, 'Unable to locate the resource');
}

export function badRequest(reason: string): KratosError {
  return new KratosError(400, 'The request was malformed or contained invalid parameters', reason);
}

/** What a database conflict looks like: a 400 that is nevertheless worth repeating. For the `body` of a fault. */
export const serializationConflict = errorBody(
  new KratosError(400, 'Unable to serialize access due to a concurrent update in another session'),
);

/** The body for a status that a fault asks for. */
export function faultBody(status: number): unknown {
  return errorBody(
    new KratosError(status, status === 429 ? 'The rate limit was exceeded' : 'An error occurred'),
  );
}
