import type { FastifyInstance } from 'fastify';
import type { Language } from '../config/config.js';
import { type LinkRoute, languageFor, sendFault, sendOn, sendPage } from './answers.js';
import { address } from './pages/place.js';
import { resumePage } from './pages/resume.js';

/** Links given to blocked logins. They stand where a link's id does, in a form that no id has. */
export interface ResumeLinks {
  /** whether it could be used now; changes nothing */
  isUsable(token: string): boolean;
  /** uses it up: the id of the link on which the customer goes on, or null when it leads nowhere (any more) */
  use(token: string, language: Language): string | null;
}

const path = '/:linkId(^r\\.[A-Za-z0-9_-]+$)';

/** GET shows a button, since previews and scanners fetch links; POST burns the link. */
export function registerResume(scope: FastifyInstance, links: ResumeLinks): void {
  scope.get<LinkRoute>(path, (request, reply) => {
    const { linkId: token } = request.params;
    if (!links.isUsable(token)) return sendFault(request, reply, 'resume_over');
    return sendPage(reply, resumePage(token, languageFor(request)));
  });
  scope.post<LinkRoute>(path, (request, reply) => {
    const language = languageFor(request);
    const linkId = links.use(request.params.linkId, language);
    if (linkId === null) return sendFault(request, reply, 'resume_over');
    return sendOn(reply, address({ linkId, language }));
  });
}
