/** Everybody a case is driven through, over their real HTTP surfaces: the kiosk API, the site, the simulators. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Outbound } from '../../runtime/outbound.js';

/** Where they are. URLs have no trailing slash. */
export interface Parties {
  readonly outbound: Outbound;
  /** base of the kiosk API */
  readonly gateway: string;
  readonly key: string;
  /** origin of the simulated Onfido */
  readonly onfido: string;
  /** origin of the simulated Twilio; without it no text is sent and the kiosk's link is used */
  readonly twilio?: string;
  /** where the site is really reached, when its public name leads nowhere */
  readonly site?: string;
}

/** A step could not be done. The message is fit for whoever drives the case. */
export class CaseFault extends Error {
  override readonly name = 'CaseFault';
}

/** An answer with its body read as JSON where it is some. */
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** One call with a JSON body, or none. */
export async function callJson<Body>(
  parties: Parties,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<Answer<Body>> {
  const authorization = url.startsWith(`${parties.gateway}/`)
    ? { authorization: `Bearer ${parties.key}` }
    : {};
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await parties.outbound.request({
    method,
    url,
    headers: { ...authorization, ...content },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: parsed(answer.body) as Body };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Looks again and again until there is something; it is the other side's work that takes the time. */
export async function waitFor<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  limitMs = 20_000,
): Promise<Found> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new CaseFault(`waited ${Math.round(limitMs / 1000)} seconds for ${what}`);
    await pause(40);
  }
}
