import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../runtime/app-error.js';
import type { Log } from '../runtime/log.js';
import { refusalOf } from '../runtime/refusal.js';
import { setDefaultHeaders } from './headers.js';

/** The body of every refusal, on every listener. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
}

export function errorBody(code: string, message: string, field?: string): ErrorBody {
  return { error: { code, message, ...(field === undefined || field === '' ? {} : { field }) } };
}

/** Turns whatever was thrown into what the caller may know. Anything unforeseen is `internal_error` and says nothing. */
export function translateError(error: unknown): ErrorAnswer {
  if (error instanceof AppError) return fromAppError(error);
  if (refusalOf(error) !== null) return storeUnavailable;
  return (
    fromZod(error) ?? fromFastify(error) ?? answer(500, 'internal_error', 'Something went wrong on our side.')
  );
}

/** The two answers every listener gives to what it does not serve and to what fails. Failures of ours are logged, once. */
export function installErrors(app: FastifyInstance, log: Log, secure: boolean): void {
  app.setErrorHandler((error, request, reply) => replyWithError(error, request, reply, log, secure));
}

/** Answers a request with an error, whatever stage it had reached. */
export function replyWithError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
  secure: boolean,
): FastifyReply {
  const told = translateError(error);
  // the store's health tells of its troubles, once and not with every request
  if (told.status >= 500 && told !== storeUnavailable) logFailure(error, request, log);
  setDefaultHeaders(reply, secure);
  reply.removeHeader('etag').removeHeader('last-modified');
  // sent as text, so that no response schema of the route reshapes it
  return reply
    .code(told.status)
    .headers(told.headers)
    .header('x-request-id', request.id)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(told.body));
}

function logFailure(err: unknown, request: FastifyRequest, log: Log): void {
  const fields = {
    err,
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? '(none)',
  };
  if (err instanceof AppError) log.warn(fields, 'request could not be served');
  else log.error(fields, 'request failed');
}

function answer(status: number, code: string, message: string, field?: string): ErrorAnswer {
  return { status, body: errorBody(code, message, field), headers: {} };
}

const storeUnavailable: ErrorAnswer = {
  ...answer(503, 'store_unavailable', 'Nothing can be stored at the moment; try again shortly.'),
  headers: { 'retry-after': '30' },
};

function fromAppError(error: AppError): ErrorAnswer {
  const told = answer(error.status, error.code, error.publicMessage, error.field);
  if (error.retryAfterSeconds === undefined) return told;
  return { ...told, headers: { 'retry-after': String(Math.ceil(error.retryAfterSeconds)) } };
}

interface ZodIssue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** the names that an object does not have */
  readonly keys?: readonly string[];
}

/** Recognised by shape: more than one copy or flavour of the library may be about. Its texts never repeat the input. */
function fromZod(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error) || !/^\$?ZodError$/.test(error.name)) return undefined;
  const issue = (error as Error & { issues?: readonly ZodIssue[] }).issues?.[0];
  const context = (error as Partial<FastifyError>).validationContext;
  return answer(
    400,
    invalidCode(context),
    issue ? wordsOf(issue) : 'The input is not valid.',
    fieldOf(issue),
  );
}

/** The library speaks of `undefined`, which no caller ever sent. */
function wordsOf({ code, path, message }: ZodIssue): string {
  if (code === 'unrecognized_keys') return 'This field does not exist.';
  if (code !== 'invalid_type' || !message.endsWith('received undefined')) return message;
  return path.length === 0 ? 'A JSON body is needed.' : 'This field is missing.';
}

function fieldOf(issue: ZodIssue | undefined): string | undefined {
  const strange = issue?.keys?.find(key => /^[\w.-]{1,60}$/.test(key));
  return issue && [...issue.path.map(String), ...(strange === undefined ? [] : [strange])].join('.');
}

function invalidCode(context: string | undefined): string {
  return context === undefined || context === 'body' ? 'body_invalid' : 'request_invalid';
}

const fastifyAnswers: Readonly<Record<string, ErrorAnswer>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: answer(413, 'body_too_large', 'The body is larger than allowed.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: answer(
    415,
    'media_type_unsupported',
    'This content type is not understood here.',
  ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: answer(400, 'body_invalid', 'The body is not as long as announced.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: answer(400, 'body_invalid', 'The body is empty; JSON was announced.'),
  FST_ERR_CTP_INVALID_JSON_BODY: answer(400, 'body_invalid', 'The body is not valid JSON.'),
  FST_ERR_BAD_URL: answer(400, 'url_invalid', 'The address is malformed.'),
  // no id here is that long, so it names nothing
  FST_ERR_MAX_PARAM_LENGTH: answer(404, 'not_found', 'There is nothing here.'),
  FST_ERR_NOT_FOUND: answer(404, 'not_found', 'There is nothing here.'),
};

/** Only the framework's own errors: a vendor's error with a status of its own must not become ours. */
function fromFastify(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code: anyCode, statusCode, validation, validationContext } = error as Partial<FastifyError>;
  // the libraries of vendors number their codes
  const code = typeof anyCode === 'string' ? anyCode : '';
  if (validation !== undefined)
    return answer(400, invalidCode(validationContext), 'The input is not valid.', schemaField(validation[0]));
  const known = fastifyAnswers[code];
  if (known) return known;
  // the JSON parser's refusal of "__proto__", and a body that breaks off
  if (statusCode === 400 && (error instanceof SyntaxError || code === 'ECONNRESET'))
    return answer(400, 'body_invalid', 'The body is not valid JSON.');
  if (statusCode === 429) return answer(429, 'too_many_requests', 'Too many requests; try again later.');
  if (code.startsWith('FST_') && statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return answer(statusCode, 'request_invalid', `${STATUS_CODES[statusCode] ?? 'Bad request'}.`);
  return undefined;
}

type SchemaIssue = NonNullable<FastifyError['validation']>[number];

function schemaField(issue: SchemaIssue | undefined): string | undefined {
  if (issue === undefined) return undefined;
  const path = issue.instancePath.split('/').slice(1);
  const missing = issue.params.missingProperty ?? issue.params.additionalProperty;
  return [...path, ...(typeof missing === 'string' ? [missing] : [])].join('.');
}
