/** Somebody who signs up at Ory Kratos and may log in only when Gatehouse says so. */
import type { Outbound } from '../../runtime/outbound.js';
import { CaseFault, callJson } from '../simulate/parties.js';
import { goThrough } from '../simulate/phone.js';
import type { Sandbox } from './sandbox.js';
import { type Screen, wrap } from './screen.js';
import { partiesOf } from './script.js';
import { oryOrganization } from './settings.js';

/** One visitor at a time. */
export interface OryVisitor {
  /** signs a new one up and tries to log in; tries again for one who was blocked */
  visit(outbound: Outbound): Promise<void>;
  /** does what the blocked one would do in a browser; false when there is none */
  play(outbound: Outbound): Promise<boolean>;
}

interface FlowAnswer {
  readonly ui?: { readonly action: string; readonly messages?: readonly { readonly text: string }[] };
  readonly session_token?: string;
}

const password = 'only for this demo';

/** Over a sandbox whose Kratos has the hooks. */
export function createOryVisitor(sandbox: Sandbox, screen: Screen): OryVisitor {
  let signedUp = 0;
  let blocked: string | null = null;
  let busy = false;
  const tell = (title: string, words: string) => {
    const [first = '', ...rest] = wrap(words, screen.width - 9);
    screen.say(
      `${screen.tint('bold', title.padEnd(7))}  ${first}`,
      ...rest.map(line => `${' '.repeat(9)}${line}`),
    );
  };

  async function submit(outbound: Outbound, flow: string, body: object): Promise<FlowAnswer> {
    const parties = partiesOf(sandbox, oryOrganization, outbound);
    const begun = await callJson<FlowAnswer>(
      parties,
      'GET',
      `${sandbox.kratos.publicUrl}/self-service/${flow}/api`,
    );
    const action = begun.body.ui?.action ?? '';
    const { status, body: answer } = await callJson<FlowAnswer>(parties, 'POST', action, {
      method: 'password',
      password,
      ...body,
    });
    if (status === 200 || answer?.ui?.messages) return answer;
    throw new CaseFault(`the simulated Kratos answered the ${flow} with ${status}`);
  }

  async function signUp(outbound: Outbound): Promise<string> {
    signedUp += 1;
    const email = `visitor${signedUp}@example.net`;
    await submit(outbound, 'registration', { traits: { email } });
    tell(
      'Sign-up',
      `${email} signs up at Ory Kratos. Its hook asks Gatehouse to begin a check, and gets the answer: ${initiated(sandbox).status}.`,
    );
    return email;
  }

  async function logIn(outbound: Outbound, email: string): Promise<string | null> {
    const { session_token: token, ui } = await submit(outbound, 'login', { identifier: email });
    if (token === undefined) {
      const [sentence = '', link] = (ui?.messages?.[0]?.text ?? '').split(/(?=https:)/);
      tell('Login', `The password is right, but Gatehouse refuses: “${sentence.trim()}”`);
      if (link !== undefined) screen.say('', screen.tint('cyan', link), '');
      screen.say(screen.tint('dim', 'Open the link, or press p. Press o to log in again.'));
      return email;
    }
    tell(
      'Login',
      `Gatehouse lets ${email} in, and Kratos gives a session. The identity’s metadata_public.onfido.status is “${statusOf(sandbox, email)}”.`,
    );
    return null;
  }

  return {
    async visit(outbound) {
      // keys are pressed faster than passwords are compared
      if (busy) return;
      busy = true;
      try {
        blocked = await logIn(outbound, blocked ?? (await signUp(outbound)));
      } finally {
        busy = false;
      }
    },
    async play(outbound) {
      if (blocked === null) return false;
      await goThrough(
        partiesOf(sandbox, oryOrganization, outbound),
        initiated(sandbox).verification_url ?? '',
        'clear',
      );
      tell('Check', `${blocked} went through it. Press o to log in again.`);
      return true;
    },
  };
}

/** What the newest sign-up's hook was answered. */
function initiated({ kratos }: Sandbox): { status?: string; verification_url?: string } {
  const call = kratos.hookCalls.findLast(({ url }) => url.endsWith('/initiate'));
  return JSON.parse(call?.answer ?? '{}') as { status?: string; verification_url?: string };
}

function statusOf({ kratos }: Sandbox, email: string): string {
  const identity = [...kratos.identities.values()].find(({ traits }) => traits.email === email);
  const { onfido } = (identity?.metadata_public ?? {}) as { onfido?: { status?: string } };
  return onfido?.status ?? 'not there yet';
}
