import assert from 'node:assert/strict';
import { hostname } from './installation.js';
import { pathOf } from './ory.js';
import type { World } from './world.js';

/** What a customer does with the link of a blocked login, up to the provider's verdict. */
export async function verifyByResumeLink(world: World, link: string): Promise<void> {
  const answer = await world.call('POST', pathOf(link), {
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(),
  });
  assert.equal(answer.status, 303, answer.text);
  const next = String(answer.headers.location).split('?')[0];
  await world.settle();
  await world.customer(`https://${hostname}${next}`).goThrough();
  await world.pass(2_000);
}
