/** What happens to a workflow in time, and who is told. */
import { createHmac } from 'node:crypto';
import { documentPng, filmMp4, selfiePng } from '../onfido/pictures.js';
import { basePath, isoMillis, type JumioContext, type Workflow, type WorkflowStatus } from './context.js';
import { JumioError } from './errors.js';
import type { Outcome } from './outcomes.js';

const inactivityMs = 15 * 60_000;

/** The body of a callback: ids and a word, never a verdict. */
function callbackBody(context: JumioContext, workflow: Workflow): string {
  const account = `${context.place.origin}${basePath}/accounts/${workflow.accountId}`;
  return JSON.stringify({
    callbackSentAt: isoMillis(context.schedule.now()),
    ...(workflow.userReference === null ? {} : { userReference: workflow.userReference }),
    workflowExecution: {
      id: workflow.id,
      href: `${account}/workflow-executions/${workflow.id}`,
      definitionKey: workflow.definitionKey,
      status: workflow.status,
    },
    account: { id: workflow.accountId, href: account },
  });
}

/** Tells the callback URL of the status as it is, if there is one. */
export function announce(context: JumioContext, workflow: Workflow): void {
  const { callbackUrl, status } = workflow;
  if (callbackUrl === null) return;
  const body = callbackBody(context, workflow);
  const { callbackSecret } = context.settings;
  const signature =
    callbackSecret === null
      ? {}
      : { 'x-jumio-signature': createHmac('sha256', callbackSecret).update(body).digest('hex') };
  context.courier.send({
    action: status,
    url: callbackUrl,
    headers: { 'content-type': 'application/json', 'user-agent': 'Jumio Callback (simulated)', ...signature },
    body,
  });
}

function move(context: JumioContext, workflow: Workflow, status: WorkflowStatus): void {
  workflow.status = status;
  if (context.settings.announced.includes(status)) announce(context, workflow);
}

/** The link was not used in time. */
export function expireToken(context: JumioContext, workflow: Workflow): void {
  if (workflow.status === 'INITIATED') move(context, workflow, 'TOKEN_EXPIRED');
}

/** The customer opened the page. */
export function begin(context: JumioContext, workflow: Workflow): void {
  if (workflow.status !== 'INITIATED') return;
  workflow.startedAt = context.schedule.now();
  move(context, workflow, 'ACQUISITION_STARTED');
  context.schedule.after(inactivityMs, () => {
    if (workflow.status === 'ACQUISITION_STARTED') move(context, workflow, 'SESSION_EXPIRED');
  });
}

/** The customer took all pictures; some time later the workflow is processed. */
export function acquire(context: JumioContext, workflow: Workflow, outcome?: Outcome): void {
  begin(context, workflow);
  if (workflow.status !== 'ACQUISITION_STARTED') throw new JumioError(400, 'The session is over');
  takePictures(workflow, context.workflows.size);
  move(context, workflow, 'ACQUIRED');
  context.schedule.after(context.settings.processAfterMs, () => complete(context, workflow, outcome));
}

/** Decides a workflow now, or anew. */
export function complete(context: JumioContext, workflow: Workflow, outcome?: Outcome): void {
  const { decisions, settings, schedule } = context;
  const decided = [workflow.id, workflow.accountId, workflow.customerInternalReference]
    .map(name => decisions.get(name))
    .find(found => found !== undefined);
  workflow.outcome = outcome ?? decided ?? settings.defaultOutcome;
  workflow.completedAt = schedule.now();
  move(context, workflow, 'PROCESSED');
}

function takePictures(workflow: Workflow, seed: number): void {
  for (const { category, parts } of workflow.credentials) {
    const png = (classifier: string, bytes: Buffer) => ({ classifier, contentType: 'image/png', bytes });
    if (category === 'ID')
      parts.push(png('FRONT', documentPng('front', seed)), png('BACK', documentPng('back', seed)));
    if (category === 'SELFIE') parts.push(png('FACE', selfiePng(seed)));
    if (category === 'FACEMAP')
      parts.push({
        classifier: 'FACEMAP',
        contentType: 'application/octet-stream',
        bytes: filmMp4(seed).subarray(24),
      });
  }
}
