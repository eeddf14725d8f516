/** The page a link leads to, where a person picks how it ends instead of showing a document. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JumioContext, Workflow } from './context.js';
import { acquire, begin } from './life.js';
import { outcomes, readOutcome } from './outcomes.js';

type Query = { Querystring: { authorizationToken?: string } };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>body{font:1rem/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}
button{min-height:44px;width:100%;margin:.25rem 0;text-align:left;padding:.25rem 1rem}</style>
<h1>${escaped(title)}</h1>${content}</html>`;
}

function choices(): string {
  const button = (name: string, text: string) =>
    `<button name="outcome" value="${escaped(name)}">${escaped(name)}: ${escaped(text)}</button>`;
  const ends = Object.entries(outcomes).map(([name, { description }]) => button(name, description));
  return `<p>This is a simulated page of Jumio’s. How shall it end?</p><form method="post">
${button('', 'as decided beforehand, or passed')}${ends.join('\n')}
<button name="cancel" value="yes">Go back without finishing</button></form>`;
}

function bye(
  { settings }: JumioContext,
  reply: FastifyReply,
  workflow: Workflow,
  url: string | null,
  result: Record<string, string>,
) {
  if (url === null) return reply.type('text/html').send(page('Thank you', '<p>You may close this page.</p>'));
  const target = new URL(settings.rewriteReturnUrl(url));
  const query = {
    accountId: workflow.accountId,
    workflowExecutionId: workflow.id,
    ...result,
    customerInternalReference: workflow.customerInternalReference,
  };
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return reply.redirect(target.toString(), 303);
}

/** Registers the page. A link that has run out, or was used, says so. */
export function registerHostedPage(app: FastifyInstance, context: JumioContext): void {
  const find = (request: FastifyRequest<Query>) =>
    [...context.workflows.values()].find(
      ({ authorizationToken, status }) =>
        authorizationToken === request.query.authorizationToken &&
        (status === 'INITIATED' || status === 'ACQUISITION_STARTED'),
    );
  const over = (reply: FastifyReply) =>
    reply.code(410).type('text/html').send(page('This link is over', '<p>Ask for a new one.</p>'));
  app.get<Query>('/web/v4/app', (request, reply) => {
    const workflow = find(request);
    if (!workflow) return over(reply);
    begin(context, workflow);
    return reply.type('text/html').send(page('Identity verification', choices()));
  });
  app.post<Query & { Body: { outcome?: string; cancel?: string } | undefined }>(
    '/web/v4/app',
    (request, reply) => {
      const workflow = find(request);
      if (!workflow) return over(reply);
      const { outcome = '', cancel } = request.body ?? {};
      if (cancel !== undefined)
        return bye(context, reply, workflow, workflow.errorUrl, {
          acquisitionStatus: 'ERROR',
          errorCode: '9801',
        });
      acquire(context, workflow, outcome === '' ? undefined : readOutcome(outcome));
      return bye(context, reply, workflow, workflow.successUrl, { acquisitionStatus: 'SUCCESS' });
    },
  );
}
