/** A native app's way through the flows of a Kratos, real or simulated. */
import assert from 'node:assert/strict';
import { type Answer, call } from './call.js';

/** What a flow's answer may hold. */
export interface FlowAnswer {
  readonly identity?: { readonly id: string };
  readonly session_token?: string;
  readonly ui?: { readonly action: string; readonly messages?: readonly FlowMessage[] };
}

export interface FlowMessage {
  readonly id: number;
  readonly text: string;
  readonly context?: {
    readonly idv?: { readonly provider: string; readonly status: string; readonly url: string | null };
  };
}

/** A submit's answer, or a whoami's. */
export interface Told extends FlowAnswer {
  readonly status: number;
  readonly text: string;
}

export interface NativeClient {
  signUp(email: string): Promise<Told>;
  logIn(email: string): Promise<Told>;
  /** what the session's owner may read of their identity */
  metadataOf(sessionToken: string): Promise<Record<string, unknown> | null>;
}

const password = 'a long walk along the harbour at dusk';

/** A client of a Kratos' public API. */
export function createNativeClient(publicUrl: string): NativeClient {
  const target = { origin: publicUrl };

  async function submit(flow: string, body: object): Promise<Told> {
    const begun = await call(target, 'GET', `/self-service/${flow}/api`);
    const { pathname, search } = new URL(begun.json<FlowAnswer>().ui?.action ?? '');
    return toldBy(
      await call(target, 'POST', `${pathname}${search}`, { body: { method: 'password', password, ...body } }),
    );
  }

  return {
    signUp: email => submit('registration', { traits: { email } }),
    logIn: email => submit('login', { identifier: email }),
    async metadataOf(token) {
      const answer = await call(target, 'GET', '/sessions/whoami', { headers: { 'x-session-token': token } });
      if (answer.status !== 200) throw new Error(`whoami answered ${answer.status}`);
      return answer.json<{ identity: { metadata_public: Record<string, unknown> | null } }>().identity
        .metadata_public;
    },
  };
}

function toldBy(answer: Answer): Told {
  return { ...answer.json<FlowAnswer>(), status: answer.status, text: answer.text };
}

/** What a refused flow tells its customer; there is nothing else in it, and no session. */
export function onlyMessage({ status, ui, session_token: token, text }: Told): FlowMessage {
  assert.deepEqual([status, token], [400, undefined], text);
  const [message, ...others] = ui?.messages ?? [];
  assert.ok(message, text);
  assert.deepEqual(others, []);
  return message;
}
