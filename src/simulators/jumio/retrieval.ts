import type { FastifyInstance } from 'fastify';
import { basePath, findWorkflow, type JumioContext, type Workflow } from './context.js';
import { detailsOf } from './details.js';
import { JumioError } from './errors.js';

type Run = { Params: { account: string; workflow: string } };
type Picture = { Params: { account: string; credential: string; classifier: string } };

function statusOf(context: JumioContext, workflow: Workflow): unknown {
  const account = `${context.place.origin}${basePath}/accounts/${workflow.accountId}`;
  return {
    account: { id: workflow.accountId, href: account },
    workflowExecution: {
      id: workflow.id,
      href: `${account}/workflow-executions/${workflow.id}`,
      definitionKey: workflow.definitionKey,
      status: workflow.status,
    },
  };
}

/** Pictures and what was read are gone; the decision stays. */
function wipe(context: JumioContext, workflow: Workflow): void {
  for (const { parts } of workflow.credentials) for (const part of parts) part.bytes = null;
  workflow.wipedOutAt = context.schedule.now();
}

/** Status, details, pictures, deletion. */
export function registerRetrieval(scope: FastifyInstance, context: JumioContext): void {
  const path = '/accounts/:account/workflow-executions/:workflow';
  const find = ({ account, workflow }: Run['Params']) => findWorkflow(context, account, workflow);
  scope.get<Run>(`${path}/status`, async request => statusOf(context, find(request.params)));
  scope.get<Run>(path, async request => detailsOf(context, find(request.params)));
  scope.get<Run>(`${path}/steps`, async request => ({
    workflow: { id: find(request.params).id },
    steps: [],
  }));
  scope.delete<Run>(path, async (request, reply) => {
    wipe(context, find(request.params));
    return reply.code(200).send();
  });
  scope.delete<{ Params: { account: string } }>('/accounts/:account', async (request, reply) => {
    const { account } = request.params;
    if (!context.accounts.delete(account)) throw new JumioError(404, 'Account not found');
    for (const workflow of context.workflows.values())
      if (workflow.accountId === account) wipe(context, workflow);
    return reply.code(200).send();
  });
  scope.get<Picture>('/accounts/:account/credentials/:credential/parts/:classifier', (request, reply) => {
    const { account, credential, classifier } = request.params;
    const owned = [...context.workflows.values()].filter(
      ({ accountId }) => accountId === account && context.accounts.has(account),
    );
    const part = owned
      .flatMap(({ credentials }) => credentials)
      .find(({ id }) => id === credential)
      ?.parts.find(each => each.classifier === classifier);
    if (!part?.bytes) throw new JumioError(404, 'There is no such picture');
    return reply.header('content-type', part.contentType).send(part.bytes);
  });
}
