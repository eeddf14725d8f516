/** Deliveries beyond what the simulated provider sends: repeated ones, late ones, and some about checks of nobody here. */
import { randomUUID } from 'node:crypto';
import type { Dice } from './dice.js';
import type { Ledger } from './ledger.js';
import type { ChaosWorld } from './world.js';

const path = '/serverapi/apiv1/identity-check/onfidowh';

/** A delivery that was never sent before, about a check of nobody here, to the organization `manual`. */
export function newLetter(world: ChaosWorld) {
  const object = { id: randomUUID(), status: 'complete' };
  const body = JSON.stringify({ payload: { resource_type: 'check', action: 'check.completed', object } });
  const signature = world.onfido.sign(body, world.sharedWebhookSecret);
  const to = `${path}/manual`;
  const headers = { 'content-type': 'application/json', 'x-sha2-signature': signature };
  return { body, signature, path: to, send: () => world.callPublic('POST', to, { headers, body }) };
}

interface Letter {
  readonly organization: string;
  readonly body: string;
  readonly token: string;
}

/** Delivers one more, and notes it when it was answered with 2xx. What is not is sent once more by nobody. */
export async function deliverOne(world: ChaosWorld, dice: Dice, ledger: Ledger): Promise<void> {
  const letter = dice.chance(0.6) ? repeated(world, dice) : strange(world, dice);
  if (!letter) return;
  const { organization, body, token } = letter;
  const headers = { 'content-type': 'application/json', 'x-sha2-signature': world.onfido.sign(body, token) };
  const answer = await world
    .callPublic('POST', `${path}/${organization}`, { headers, body })
    .catch(() => null);
  if (answer === null || answer.status === 503) return;
  if (answer.status === 200)
    ledger.deliveries.push({ organization, action: JSON.parse(body).payload.action, body });
  else ledger.troubles.push(`a genuine delivery was answered ${answer.status}`);
}

/** What the provider sends is to the first organization's webhook; its token is read from there, as the gateway did. */
function ownToken(world: ChaosWorld): string | undefined {
  const [webhook] = world.onfido.state().webhooks as { token: string }[];
  return webhook?.token;
}

function repeated(world: ChaosWorld, dice: Dice): Letter | undefined {
  const token = ownToken(world);
  if (world.onfido.deliveries.length === 0 || token === undefined) return undefined;
  const { body } = dice.pick(world.onfido.deliveries);
  return dice.chance(0.5)
    ? { organization: '1', body, token }
    : { organization: 'studio', body, token: world.sharedWebhookSecret };
}

function strange(world: ChaosWorld, dice: Dice): Letter {
  const id = randomUUID();
  const object = { id, status: 'complete', href: `${world.onfido.url}/checks/${id}` };
  const action = dice.pick(['check.completed', 'check.reopened', 'report.completed', 'never.heard.of']);
  const body = JSON.stringify({ payload: { resource_type: 'check', action, object } });
  return { organization: 'manual', body, token: world.sharedWebhookSecret };
}
