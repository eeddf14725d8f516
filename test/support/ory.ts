/** What Ory does, in a world: a Kratos identity, its hooks, its sessions. */

import { type Answer, call } from './call.js';
import { hostname } from './installation.js';
import { type Ends, startWorld, type World, type WorldOptions } from './world.js';

/** What the hooks prove themselves with. */
export const webhookSecret = 'whsec-0f1e2d3c4b5a69788796a5b4c3d2e1f0';

/** The application's origin, which may ask for sessions. */
export const appOrigin = 'https://app.example.net';

/** A world with a Kratos, whose first organization serves Ory. */
export function startOryWorld(ends: Ends, options: WorldOptions & { ory?: object } = {}): Promise<World> {
  const { ory, organizations = [{}], ...rest } = options;
  const [first, ...others] = organizations;
  return startWorld(ends, {
    kratos: {},
    ...rest,
    organizations: [{ ory: true, ...first }, ...others],
    settings: {
      ory: { origins: [appOrigin], returnUrl: 'https://app.example.net/home', ...ory },
      ...options.settings,
    },
    secrets: { ORY_WEBHOOK_SECRET: webhookSecret, ...options.secrets },
  });
}

/** A call to a hook as Kratos makes it. */
export function hook(
  world: World,
  path: string,
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${webhookSecret}` },
): Promise<Answer> {
  const target = { origin: world.gateway.addresses.private };
  return call(target, 'POST', path, { headers, body: body as object });
}

/** What a blocked login is told. */
export interface Blocked {
  readonly id: number;
  readonly text: string;
  readonly status: string;
  readonly url: string | null;
}

/** Somebody who signed up at Kratos. */
export interface Person {
  readonly id: string;
  initiate(body?: object): Promise<Answer>;
  validate(body?: object, provider?: string): Promise<Answer>;
  /** null when the login may go on */
  blocked(provider?: string): Promise<Blocked | null>;
  /** what is written on the identity */
  mirrored(): Record<string, unknown> | undefined;
  session(headers?: Record<string, string>, body?: object): Promise<Answer>;
}

let count = 0;

/** Signs somebody up, without any hook being called yet. */
export function signUp(world: World): Person {
  count += 1;
  const { id } = world.kratos.createIdentity({ email: `customer${count}@example.net` });
  const metadata = () => world.kratos.identities.get(id)?.metadata_public ?? null;
  const person: Person = {
    id,
    initiate: (body = {}) => hook(world, '/onfido/initiate', { kratos_identity_id: id, ...body }),
    validate: (body = {}, provider = 'onfido') =>
      hook(world, `/${provider}/validate`, { identity_id: id, metadata_public: metadata(), ...body }),
    async blocked(provider) {
      const answer = await person.validate({}, provider);
      return answer.status === 200 ? null : blockedOf(answer);
    },
    mirrored: () => (metadata() as { onfido?: Record<string, unknown> } | null)?.onfido,
    session: (headers = {}, body) => {
      const { token } = world.kratos.createSession(id);
      return world.call('POST', '/onfido/session', {
        headers: { origin: appOrigin, cookie: `csrf=x; ory_kratos_session=${token}; other=y`, ...headers },
        body,
      });
    },
  };
  return person;
}

/** The one message of a blocked login. */
export function blockedOf(answer: Answer): Blocked {
  const body = answer.json<{
    messages: { messages: { id: number; text: string; context: { idv: Blocked } }[] }[];
  }>();
  const [message] = body.messages[0]?.messages ?? [];
  if (!message) throw new Error('a blocked login has a message');
  const { status, url } = message.context.idv;
  return { id: message.id, text: message.text, status, url };
}

/** The path of one of our own links. */
export function pathOf(url: string): string {
  const { host, pathname } = new URL(url);
  if (host !== hostname) throw new Error(`${host} is not the box`);
  return pathname;
}
