/** `gatehouse simulate customer`: one customer, from the kiosk to the result. */
import { setTimeout as pause } from 'node:timers/promises';
import { isLoopback } from '../../config/values.js';
import { createOutbound } from '../../runtime/create-outbound.js';
import { OutboundError } from '../../runtime/outbound.js';
import { type CommandInput, done, WrongUse } from '../command.js';
import { type RegistrationAnswer, register, waitForResult } from './kiosk.js';
import { CaseFault, callJson, type Parties } from './parties.js';
import { goThrough, textsTo, waitForLink } from './phone.js';
import { findSandbox } from './sandbox-places.js';

/** Drives the case and prints what came of it; fails when no result comes. */
export async function driveCustomer(input: CommandInput, outcome: string): Promise<number> {
  const phone = phoneOf(input);
  const key = input.values.key;
  if (typeof key !== 'string') throw new WrongUse('--key KEY is missing: `gatehouse kiosk add` makes one');
  const { caFile, ...places } = findSandbox(input);
  const outbound = createOutbound({ allowPrivate: true, ...(caFile === undefined ? {} : { caFile }) });
  const json = input.values.json === true;
  const say = (text: string) => void (json ? undefined : input.stdout.write(`${text}\n`));
  try {
    const parties: Parties = { ...places, key, outbound };
    await demandSimulator(parties);
    const answer = await drive(parties, phone, outcome, say);
    if (json) input.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    else input.stdout.write(described(answer));
    return done;
  } catch (error) {
    throw error instanceof OutboundError ? new CaseFault(explained(error)) : error;
  } finally {
    await outbound.close();
  }
}

function phoneOf({ values }: CommandInput): string {
  const phone = typeof values.phone === 'string' ? values.phone.replace(/[\s().-]/g, '') : '';
  if (/^\+[1-9]\d{6,14}$/.test(phone)) return phone;
  throw new WrongUse('--phone NUMBER is needed: a mobile number with its country, such as +420601000001');
}

/** How long a gateway that has only just started may take to register its webhook. */
const webhookPatienceMs = 3_000;

/** A gateway that has never spoken with this simulator has another provider, and may be a real one. */
async function demandSimulator(parties: Parties): Promise<void> {
  const end = Date.now() + webhookPatienceMs;
  while ((await countWebhooks(parties)) === 0) {
    if (Date.now() > end)
      throw new CaseFault(
        `no gateway has registered its webhook at ${parties.onfido}: start one that uses it (\`gatehouse simulate serve\` prints the settings)`,
      );
    await pause(50);
  }
}

async function countWebhooks(parties: Parties): Promise<number> {
  const { status, body } = await callJson<{ webhooks?: readonly unknown[] }>(
    parties,
    'GET',
    `${parties.onfido}/_control/state`,
  );
  if (status !== 200 || !Array.isArray(body?.webhooks))
    throw new CaseFault(`${parties.onfido} is not the simulated Onfido`);
  return body.webhooks.length;
}

async function drive(
  parties: Parties,
  phone: string,
  outcome: string,
  say: (text: string) => void,
): Promise<RegistrationAnswer> {
  const before = (await textsTo(parties, phone)).length;
  const texted = parties.twilio !== undefined;
  const asked = await register(parties, {
    phone,
    ...(texted ? {} : { notify: 'none', phoneVerified: true }),
  });
  say(`The kiosk asked: registration ${asked.id}.`);
  const link = texted ? await waitForLink(parties, phone, before) : asked.verificationUrl;
  say(
    texted
      ? 'The text message with the link arrived.'
      : 'There is no simulated Twilio: the kiosk’s link it is.',
  );
  demandReachable(parties, link);
  await goThrough(parties, link, outcome);
  say(`The customer went through the site; Onfido will end the check with "${outcome}".`);
  return await waitForResult(parties, asked.id);
}

function demandReachable({ site }: Parties, link: string): void {
  const { hostname } = new URL(link);
  if (site === undefined && !isLoopback(hostname))
    throw new CaseFault(
      `the link leads to ${hostname}: say with --site URL where the public listener really is, such as https://127.0.0.1:7743`,
    );
}

function described({ status, result, reason, identityStatus, notices }: RegistrationAnswer): string {
  const rows = [
    ['result', result ?? 'none'],
    ['registration', status],
    ['identity', identityStatus],
    ['reason', reason ?? ''],
    ['texts', notices.map(notice => `${notice.kind} (${notice.status})`).join(', ')],
  ];
  const lines = rows.flatMap(([name = '', value = '']) =>
    value === '' ? [] : [`  ${name.padEnd(14)}${value}\n`],
  );
  return `\n${lines.join('')}`;
}

function explained(error: OutboundError): string {
  if (error.kind === 'tls')
    return `${error.message}: give the public listener’s certificate with --ca FILE (data/tls/self-signed.crt)`;
  return error.kind === 'connect' ? `${error.message}: is it running?` : error.message;
}
