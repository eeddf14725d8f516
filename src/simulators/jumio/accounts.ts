import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { basePath, isoMillis, type JumioContext, randomToken, type Workflow } from './context.js';
import { JumioError } from './errors.js';
import { type Initiation, readInitiation } from './initiation.js';
import { expireToken } from './life.js';

function newWorkflow(context: JumioContext, accountId: string, asked: Initiation): Workflow {
  const { lifeMs, ...rest } = asked;
  const workflow: Workflow = {
    ...rest,
    id: randomUUID(),
    accountId,
    authorizationToken: randomToken(),
    createdAt: context.schedule.now(),
    credentials: [
      { id: randomUUID(), category: 'ID', parts: [] },
      { id: randomUUID(), category: 'SELFIE', parts: [] },
      { id: randomUUID(), category: 'FACEMAP', parts: [] },
    ],
    status: 'INITIATED',
    startedAt: null,
    completedAt: null,
    wipedOutAt: null,
    outcome: null,
  };
  context.workflows.set(workflow.id, workflow);
  context.schedule.after(lifeMs, () => expireToken(context, workflow));
  return workflow;
}

function pageOf({ place }: JumioContext, { authorizationToken, locale }: Workflow): string {
  return `${place.origin}/web/v4/app?authorizationToken=${authorizationToken}&locale=${locale}`;
}

/** What is answered to an initiation. */
function answerOf(context: JumioContext, workflow: Workflow): unknown {
  const { successUrl, errorUrl } = workflow;
  const api = `${context.place.origin}${basePath}/accounts/${workflow.accountId}/workflow-executions/${workflow.id}`;
  const web = {
    href: pageOf(context, workflow),
    ...(successUrl === null ? {} : { successUrl }),
    ...(errorUrl === null ? {} : { errorUrl }),
  };
  return {
    timestamp: isoMillis(context.schedule.now()),
    account: { id: workflow.accountId },
    ...(context.settings.domainPrefix ? { web } : {}),
    sdk: { token: randomToken() },
    workflowExecution: {
      id: workflow.id,
      credentials: workflow.credentials.map(({ id, category }) => ({
        id,
        category,
        allowedChannels: category === 'ID' ? ['WEB', 'API', 'SDK'] : ['WEB', 'SDK'],
        ...(category === 'ID' ? { api: { token: randomToken(), parts: {}, workflowExecution: api } } : {}),
      })),
    },
  };
}

/** Counts initiations of the last second. */
function createLimit(context: JumioContext): () => void {
  let taken: number[] = [];
  return () => {
    const { initiationsPerSecond: most } = context.settings;
    const now = context.schedule.now();
    taken = taken.filter(at => at > now - 1000);
    if (most !== null && taken.length >= most) throw new JumioError(429, 'Request limit exceeded');
    taken.push(now);
  };
}

/** Accounts: made with a first workflow, or given a further one. */
export function registerAccounts(scope: FastifyInstance, context: JumioContext): void {
  const limit = createLimit(context);
  scope.post('/accounts', async request => {
    limit();
    const asked = readInitiation(request.body);
    const id = randomUUID();
    context.accounts.set(id, { id, createdAt: context.schedule.now() });
    return answerOf(context, newWorkflow(context, id, asked));
  });
  scope.put<{ Params: { account: string } }>('/accounts/:account', async request => {
    limit();
    const { account } = request.params;
    if (!context.accounts.has(account)) throw new JumioError(404, 'Account not found');
    return answerOf(context, newWorkflow(context, account, readInitiation(request.body)));
  });
}
