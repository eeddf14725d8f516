import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type LinkRoute, placeOf, sendFault, sendJson, sendOn, sendPage } from './answers.js';
import { type CaptureProblem, captureProblems, type SiteJourney, type SiteProblem } from './journey.js';
import { captureLanguages } from './languages.js';
import { leavingHeaders } from './page-headers.js';
import { address, type Place } from './pages/place.js';
import { standingPage } from './pages/standing.js';
import { consentDue } from './pages/start-form.js';

const problems: Readonly<Record<SiteProblem, { readonly status: number; readonly message: string }>> = {
  busy: { status: 503, message: 'the identity provider does not answer; try again' },
  over: { status: 410, message: 'the link has run out' },
  finished: { status: 409, message: 'the photos were taken already' },
  consent: { status: 409, message: 'consent is missing' },
  not_started: { status: 409, message: 'the verification has not been started' },
};

// How long a browser should leave the provider alone.
const busySeconds = 5;

/** What forbids a capture before anybody is asked. */
function obstacle(place: Place): SiteProblem | null {
  const { state } = place.view;
  if (state === 'expired' || state === 'failed') return 'over';
  if (state === 'ready') return 'not_started';
  if (state !== 'capturing') return 'finished';
  return consentDue(place) ? 'consent' : null;
}

function field(request: FastifyRequest, name: string): string | undefined {
  const body = request.body;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : undefined;
}

function answerProblem(reply: FastifyReply, place: Place, problem: SiteProblem): FastifyReply {
  const headers = leavingHeaders(place.view.capture);
  if (problem === 'busy')
    return sendPage(reply.header('retry-after', busySeconds), standingPage(place, 'busy'), 503, headers);
  if (problem === 'consent') return sendPage(reply, standingPage(place, undefined, true), 422, headers);
  return sendOn(reply, address(place));
}

// The address comes from the provider: a page that is not encrypted must never get a customer's documents.
function isSafeDestination(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost'))
  );
}

async function sendToVendor(
  journey: SiteJourney,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): Promise<FastifyReply> {
  const session = await journey.session(place.linkId, place.language, request.ip);
  if (session.kind === 'problem') return answerProblem(reply, place, session.problem);
  if (session.kind === 'embedded') return sendOn(reply, address(place, '/capture'));
  if (!isSafeDestination(session.url)) throw new Error('the provider sent an address that is not https');
  return sendOn(reply, session.url, leavingHeaders(place.view.capture));
}

async function start(journey: SiteJourney, request: FastifyRequest<LinkRoute>, reply: FastifyReply) {
  const place = placeOf(request, journey);
  if (!place) return sendFault(request, reply, 'unknown_link');
  const { state, capture } = place.view;
  if (state !== 'ready' && state !== 'capturing') return sendOn(reply, address(place));
  const consent = field(request, 'consent') === 'yes';
  if (consentDue(place) && !consent) return answerProblem(reply, place, 'consent');
  const { linkId, language } = place;
  const problem = await journey.start(linkId, { consent, ipAddress: request.ip, language });
  if (problem) return answerProblem(reply, place, problem);
  return capture.kind === 'redirect'
    ? sendToVendor(journey, request, reply, place)
    : sendOn(reply, address(place, '/capture'));
}

async function session(journey: SiteJourney, request: FastifyRequest<LinkRoute>, reply: FastifyReply) {
  const place = placeOf(request, journey);
  if (!place) return sendFault(request, reply, 'unknown_link');
  const found = obstacle(place);
  const opened = found
    ? ({ kind: 'problem', problem: found } as const)
    : await journey.session(place.linkId, place.language, request.ip);
  if (opened.kind !== 'problem')
    return sendJson(reply, { ...opened, language: captureLanguages[place.language] });
  const { status, message } = problems[opened.problem];
  if (opened.problem === 'busy') reply.header('retry-after', busySeconds);
  return sendJson(reply, { error: { code: opened.problem, message } }, status);
}

async function submit(journey: SiteJourney, request: FastifyRequest<LinkRoute>, reply: FastifyReply) {
  const place = placeOf(request, journey);
  if (!place) return sendFault(request, reply, 'unknown_link');
  // Passed on whatever the state: photos may be there although the link ran out a moment ago.
  await journey.submit(place.linkId);
  // A form wants to see a page, the script does not.
  const byForm = request.headers['content-type'] !== undefined;
  return byForm ? sendOn(reply, address(place)) : reply.code(204).header('cache-control', 'no-store').send();
}

function noteProblem(journey: SiteJourney, request: FastifyRequest<LinkRoute>, reply: FastifyReply) {
  const place = placeOf(request, journey);
  if (!place) return sendFault(request, reply, 'unknown_link');
  const said = field(request, 'type') ?? '';
  const known: CaptureProblem = captureProblems.find(type => type === said) ?? 'other';
  journey.problem(place.linkId, known);
  return reply.code(204).header('cache-control', 'no-store').send();
}

/** Everything that acts. The forms answer with pages, what the scripts call with JSON or nothing. */
export function registerActions(scope: FastifyInstance, journey: SiteJourney): void {
  const json = { config: { answersJson: true } };
  scope.post<LinkRoute>('/:linkId/start', (request, reply) => start(journey, request, reply));
  scope.post<LinkRoute>('/:linkId/session', json, (request, reply) => session(journey, request, reply));
  scope.post<LinkRoute>('/:linkId/submit', (request, reply) => submit(journey, request, reply));
  scope.post<LinkRoute>('/:linkId/problem', json, (request, reply) => noteProblem(journey, request, reply));
}
