import type { FastifyInstance } from 'fastify';
import { asFields, asText, type Fields } from '../wire/fields.js';
import type { PersonaControls } from './index.js';
import type { NewInquiry } from './inquiry-life.js';
import { type Outcome, outcomes } from './outcomes.js';

function idOf(body: Fields): string {
  const id = asText(body.id);
  if (id === undefined) throw new TypeError('id must be a text');
  return id;
}

function wordOf(body: Fields, name: string): string {
  const word = asText(body[name]);
  if (word === undefined) throw new TypeError(`${name} must be a text`);
  return word;
}

/** The controls over HTTP, below `/_control`. What throws is answered with 400 and why. */
export function registerControl(app: FastifyInstance, controls: PersonaControls): void {
  const actions: Readonly<Record<string, (body: Fields) => unknown>> = {
    decide: body => controls.decide(idOf(body), body.outcome as string | Outcome),
    finish: body => controls.finish(idOf(body), body.outcome as string | Outcome | undefined),
    review: body => controls.review(idOf(body), wordOf(body, 'status')),
    expire: body => controls.expire(idOf(body)),
    redact: body => controls.redact(idOf(body)),
    announce: body => controls.announce(idOf(body), asText(body.action)),
    stranger: body => controls.stranger(body as unknown as Omit<NewInquiry, 'byApi'>),
    webhook: body => controls.setWebhook(body as unknown as Parameters<typeof controls.setWebhook>[0]),
    'rotate-secret': body => controls.rotateSecret(wordOf(body, 'secret')),
    faults: body => controls.readFault(body),
    'delivery-faults': body => controls.readDeliveryFault(body),
    'clear-faults': () => controls.clearFaults(),
  };
  const reads: Readonly<Record<string, () => unknown>> = {
    state: () => controls.state(),
    calls: () => controls.calls,
    deliveries: () => controls.deliveries,
    outcomes: () =>
      Object.fromEntries(Object.entries(outcomes).map(([name, { description }]) => [name, description])),
  };
  app.register(
    async scope => {
      scope.setErrorHandler((error, _request, reply) =>
        reply.code(400).send({ error: error instanceof Error ? error.message : 'cannot be read' }),
      );
      for (const [name, act] of Object.entries(actions))
        scope.post(`/${name}`, async request => ({ done: act(asFields(request.body)) ?? true }));
      for (const [name, read] of Object.entries(reads)) scope.get(`/${name}`, async () => read());
    },
    { prefix: '/_control' },
  );
}
