import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../config/config.js';
import type { SiteJourney, SiteView } from './journey.js';
import { chooseLanguage } from './languages.js';
import { type PageHeaders, plainHeaders } from './page-headers.js';
import { faultPage } from './pages/fault.js';
import type { Place } from './pages/place.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** the route is called by a script and answers every fault as JSON */
    readonly answersJson?: boolean;
  }
}

/** Every route below a link. */
export interface LinkRoute {
  Params: { linkId: string };
}

const plausibleLink = /^[A-Za-z0-9_-]{1,128}$/;

function chosenLanguage(request: FastifyRequest): string | undefined {
  const query = request.query;
  if (typeof query !== 'object' || query === null || !('lang' in query)) return undefined;
  return typeof query.lang === 'string' ? query.lang : undefined;
}

/** The language to answer in. */
export function languageFor(request: FastifyRequest, view?: SiteView): Language {
  return chooseLanguage({
    chosen: chosenLanguage(request),
    accepted: request.headers['accept-language'],
    fallback: view?.language,
  });
}

/** What the request's link shows in the request's language, or `null` for a link nobody knows. */
export function placeOf(request: FastifyRequest<LinkRoute>, journey: SiteJourney): Place | null {
  const { linkId } = request.params;
  const view = plausibleLink.test(linkId) ? journey.view(linkId) : null;
  return view && { linkId, view, language: languageFor(request, view) };
}

/** Sends a page with its headers. */
export function sendPage(
  reply: FastifyReply,
  page: string,
  status = 200,
  headers = plainHeaders(),
): FastifyReply {
  return reply.code(status).headers(headers).type('text/html; charset=utf-8').send(page);
}

/** Sends the customer on with GET, whatever the request was. */
export function sendOn(
  reply: FastifyReply,
  url: string,
  headers: PageHeaders = plainHeaders(),
): FastifyReply {
  return reply.headers(headers).redirect(url, 303);
}

/** Answers a script. */
export function sendJson(reply: FastifyReply, body: object, status = 200): FastifyReply {
  return reply.code(status).headers(plainHeaders()).type('application/json; charset=utf-8').send(body);
}

const faults = {
  unknown_link: { status: 404, message: 'there is no such link' },
  resume_over: { status: 410, message: 'this link cannot be used any more' },
  too_many: { status: 429, message: 'too many requests for this link' },
  foreign_request: { status: 403, message: 'only this site may send this' },
  trouble: { status: 500, message: 'something went wrong' },
} as const;

/** What can go wrong apart from any link. */
export type Fault = keyof typeof faults;

/** A fault as a page or, for scripts, as JSON. It is the same for known and unknown links. */
export function sendFault(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Fault,
  status: number = faults[fault].status,
): FastifyReply {
  if (request.routeOptions.config.answersJson)
    return sendJson(reply, { error: { code: fault, message: faults[fault].message } }, status);
  return sendPage(reply, faultPage(fault, languageFor(request)), status);
}
