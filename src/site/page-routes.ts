import type { FastifyInstance } from 'fastify';
import { type LinkRoute, placeOf, sendFault, sendJson, sendOn, sendPage } from './answers.js';
import type { SiteJourney } from './journey.js';
import { captureHeaders, leavingHeaders } from './page-headers.js';
import { capturePage } from './pages/capture.js';
import { helpPage, isHelpTopic } from './pages/help.js';
import { address, type Place } from './pages/place.js';
import { standingPage } from './pages/standing.js';
import { consentDue } from './pages/start-form.js';
import { mayChange, pageOf } from './which-page.js';

function mayCapture(place: Place): boolean {
  const { state, capture } = place.view;
  return state === 'capturing' && capture.kind === 'embedded' && !consentDue(place);
}

/** Everything a GET may ask for. Nothing here changes anything: messengers fetch links to preview them. */
export function registerPages(scope: FastifyInstance, journey: SiteJourney): void {
  scope.get<LinkRoute>('/:linkId', (request, reply) => {
    const place = placeOf(request, journey);
    if (!place) return sendFault(request, reply, 'unknown_link');
    return sendPage(reply, standingPage(place), 200, leavingHeaders(place.view.capture));
  });

  scope.get<LinkRoute>('/:linkId/capture', (request, reply) => {
    const place = placeOf(request, journey);
    if (!place) return sendFault(request, reply, 'unknown_link');
    if (!mayCapture(place)) return sendOn(reply, address(place));
    return sendPage(reply, capturePage(place), 200, captureHeaders(place.view.capture));
  });

  // A reload, or the language switch, on the page that answers a form.
  for (const form of ['start', 'submit'])
    scope.get<LinkRoute>(`/:linkId/${form}`, (request, reply) => {
      const place = placeOf(request, journey);
      return place ? sendOn(reply, address(place)) : sendFault(request, reply, 'unknown_link');
    });

  scope.get<{ Params: LinkRoute['Params'] & { topic: string } }>('/:linkId/help/:topic', (request, reply) => {
    const place = placeOf(request, journey);
    const { topic } = request.params;
    if (!place || !isHelpTopic(topic)) return sendFault(request, reply, 'unknown_link');
    return sendPage(reply, helpPage(topic, place));
  });

  scope.get<LinkRoute>('/:linkId/status.json', { config: { answersJson: true } }, (request, reply) => {
    const place = placeOf(request, journey);
    if (!place) return sendFault(request, reply, 'unknown_link');
    const page = pageOf(place.view);
    return sendJson(reply, { page, final: !mayChange(page) });
  });
}
