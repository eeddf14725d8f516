/** Sign-up, login and recovery as native clients use them, with the hooks of the configuration. */
import type { FastifyInstance } from 'fastify';
import type { Actions, FlowName } from './actions.js';
import { type Flows, refuseBrowsers } from './flows.js';
import type { Identities } from './identities.js';
import { registerLogin } from './login-flow.js';
import { type RecoveryMail, registerRecovery } from './recovery-flow.js';
import { registerRegistration } from './registration-flow.js';
import type { Sessions } from './sessions.js';
import type { Webhooks } from './webhooks.js';

/** What the flows work on. */
export interface SelfService {
  readonly identities: Identities;
  readonly sessions: Sessions;
  readonly flows: Flows;
  readonly webhooks: Webhooks;
  /** by identity */
  readonly passwords: Map<string, string>;
  readonly mails: RecoveryMail[];
  /** of this moment */
  actions(): Actions;
}

/** Registers the three flows on the public listener. */
export function registerSelfService(app: FastifyInstance, self: SelfService): void {
  for (const name of ['registration', 'login', 'recovery'] satisfies FlowName[]) {
    app.get(`/self-service/${name}/api`, async request => {
      refuseBrowsers(request);
      return self.flows.toWire(self.flows.create(name, request.url));
    });
    app.get<{ Querystring: { id?: string } }>(`/self-service/${name}/flows`, async request =>
      self.flows.toWire(self.flows.find(name, request.query.id)),
    );
  }
  registerRegistration(app, self);
  registerLogin(app, self);
  registerRecovery(app, self);
}
