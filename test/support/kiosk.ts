import assert from 'node:assert/strict';
import type { RegistrationAnswer } from '../../src/registration/schemas.js';
import { type Answer, type CallOptions, type CallTarget, call } from './call.js';

/** A kiosk with its key. */
export interface Kiosk {
  readonly key: string;
  get(path: string, options?: CallOptions): Promise<Answer>;
  post(path: string, body?: object): Promise<Answer>;
  /** asks for a registration, which must be made */
  register(body: object): Promise<RegistrationAnswer>;
  registration(id: string): Promise<RegistrationAnswer>;
  lookup(phone: string): Promise<{ status: string; result?: string; since: string | null }>;
}

/** Gives a kiosk its key; the target is asked for anew at every call, since a restart moves it. */
export function createKiosk(key: string, target: () => CallTarget): Kiosk {
  const authorization = `Bearer ${key}`;
  const kiosk: Kiosk = {
    key,
    get: (path, options = {}) =>
      call(target(), 'GET', path, { ...options, headers: { authorization, ...options.headers } }),
    post: (path, body) => call(target(), 'POST', path, { headers: { authorization }, body }),
    async register(body) {
      const answer = await kiosk.post('/api/v1/registrations', body);
      assert.equal(answer.status, 201, answer.text);
      return answer.json<RegistrationAnswer>();
    },
    async registration(id) {
      const answer = await kiosk.get(`/api/v1/registrations/${id}`);
      assert.equal(answer.status, 200, answer.text);
      return answer.json<RegistrationAnswer>();
    },
    async lookup(phone) {
      return (await kiosk.post('/api/v1/identities/lookup', { phone })).json();
    },
  };
  return kiosk;
}
