import type { FastifyError, FastifyInstance } from 'fastify';

/** A refusal as the API words it. */
export class JumioError extends Error {
  override readonly name = 'JumioError';
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function errorBody(status: number, detail: string): unknown {
  return { title: titles[status] ?? 'Error', status, detail };
}

/** The body for a status that a fault asks for. */
export function faultBody(status: number): unknown {
  return errorBody(status, status === 429 ? 'Request limit exceeded' : 'Something went wrong on our side');
}

/** Has everything thrown below here answered as the API does. */
export function answerErrors(scope: FastifyInstance): void {
  scope.setErrorHandler((error, _request, reply) => {
    const { statusCode = 500 } = error as Partial<FastifyError>;
    const detail = error instanceof Error ? error.message : 'unknown';
    const status = error instanceof JumioError ? error.status : statusCode;
    return reply.code(status).send(errorBody(status, detail));
  });
  scope.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody(404, 'There is no such resource')),
  );
}
