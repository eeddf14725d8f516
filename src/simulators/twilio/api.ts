import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorBody, notFound, TwilioError } from './errors.js';
import { listMessages } from './list.js';
import { type TwilioMessage, toWire } from './messages.js';

/** What the routes need from the simulator. */
export interface TwilioState {
  readonly messages: TwilioMessage[];
  /** auth token by account; `null`: any account with any token */
  readonly accounts: ReadonlyMap<string, string> | null;
  /** takes a message in; the token signs its callbacks */
  accept(form: URLSearchParams, accountSid: string, authToken: string): TwilioMessage;
  cancel(message: TwilioMessage): void;
}

type OfAccount = { Params: { account: string } };
type OfMessage = { Params: { account: string; file: string } };

/** The auth token of a request whose Basic credentials are right. */
function authenticate(state: TwilioState, request: FastifyRequest<OfAccount>): string {
  const encoded = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const [, user = '', password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const known = state.accounts === null ? password : state.accounts.get(user);
  const right = user === request.params.account && known === password && password !== '';
  if (!right || !/^AC[0-9a-f]{32}$/.test(user)) throw new TwilioError(401, 20003, 'Authenticate');
  return password;
}

function findMessage(state: TwilioState, request: FastifyRequest<OfMessage>): TwilioMessage {
  const { account, file } = request.params;
  const found = state.messages.find(
    ({ sid, accountSid }) => `${sid}.json` === file && accountSid === account,
  );
  if (!found) throw notFound(request.url.split('?', 1)[0] ?? '');
  return found;
}

function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** Redacts the text (empty `Body`) or cancels what was not sent yet. */
function changeMessage(state: TwilioState, request: FastifyRequest<OfMessage>) {
  const message = findMessage(state, request);
  const form = formOf(request);
  if (form.get('Status') === 'canceled') state.cancel(message);
  else if (form.get('Body') === '') message.body = '';
  else throw new TwilioError(400, 20001, 'Only redaction and cancellation are supported');
  return toWire(message);
}

/** The Messages resource of the API of 2010-04-01. */
export function registerApi(app: FastifyInstance, state: TwilioState): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(body.toString())),
  );
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    const known =
      error instanceof TwilioError ? error : new TwilioError(status, 20001, 'The request is not understood');
    if (known.status === 401) reply.header('www-authenticate', 'Basic realm="Twilio API"');
    return reply.code(known.status).send(errorBody(known));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody(notFound(request.url.split('?', 1)[0] ?? ''))),
  );
  const list = '/2010-04-01/Accounts/:account/Messages.json';
  const one = '/2010-04-01/Accounts/:account/Messages/:file';
  app.post<OfAccount>(list, async (request, reply) => {
    const token = authenticate(state, request);
    return reply.code(201).send(toWire(state.accept(formOf(request), request.params.account, token)));
  });
  app.get<OfAccount>(list, async request => {
    authenticate(state, request);
    const query = new URLSearchParams(request.url.split('?')[1] ?? '');
    return listMessages(state.messages, request.params.account, query);
  });
  app.get<OfMessage>(one, async request => {
    authenticate(state, request);
    return toWire(findMessage(state, request));
  });
  app.post<OfMessage>(one, async request => {
    authenticate(state, request);
    return changeMessage(state, request);
  });
  app.delete<OfMessage>(one, async (request, reply) => {
    authenticate(state, request);
    state.messages.splice(state.messages.indexOf(findMessage(state, request)), 1);
    return reply.code(204).send();
  });
}
