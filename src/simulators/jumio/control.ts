import type { FastifyInstance } from 'fastify';
import { asFields, asText, type Fields } from '../wire/fields.js';
import type { JumioControls } from './index.js';
import { type Outcome, outcomes } from './outcomes.js';

/** The control methods over HTTP; see the header of `index.ts`. What a method throws is answered with 400 and why. */
export function registerControl(app: FastifyInstance, controls: JumioControls): void {
  const idOf = (body: Fields) => asText(body.id) ?? '';
  const outcomeOf = (body: Fields) => body.outcome as string | Outcome | undefined;
  const actions: Readonly<Record<string, (body: Fields) => unknown>> = {
    decide: body => controls.decide(idOf(body), outcomeOf(body) ?? ''),
    capture: body => controls.capture(idOf(body), outcomeOf(body)),
    complete: body => controls.complete(idOf(body), outcomeOf(body)),
    announce: body => controls.announce(idOf(body)),
    'revoke-tokens': () => controls.revokeTokens(),
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
