/** One customer and the kiosk they stand at: they try each step until it is answered, however often the gateway dies. */
import { setTimeout as pause } from 'node:timers/promises';
import type { RegistrationAnswer } from '../../src/registration/schemas.js';
import type { Answer } from '../support/call.js';
import { applicantOf, type Customer, openLink } from '../support/customer.js';
import { type Ledger, note } from './ledger.js';
import { endOf, type Plan } from './plan.js';
import type { ChaosWorld } from './world.js';

interface Walk {
  readonly world: ChaosWorld;
  readonly plan: Plan;
  readonly ledger: Ledger;
}

/**
 * Calls until the status is one of those; anything that is neither that nor a passing trouble is noted and tried again.
 * While the gateway is disturbed nobody gives up: how long that takes is the machine's affair.
 */
export async function persist(
  walk: Walk,
  what: string,
  statuses: readonly number[],
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  let last = 'no answer';
  while (!walk.world.outOfPatience) {
    const answer = await attempt().catch(() => null);
    if (answer && statuses.includes(answer.status)) return answer;
    if (answer) last = `${answer.status} ${answer.text.slice(0, 200)}`;
    if (answer && answer.status !== 503 && answer.status !== 429)
      walk.ledger.troubles.push(`customer ${walk.plan.number}: ${what} was answered ${last}`);
    await pause(40);
  }
  throw new Error(`customer ${walk.plan.number}: ${what} came to nothing, last ${last}`);
}

/** The whole way, as planned. Whatever was answered with 2xx is in the ledger before this returns. */
export async function walk(world: ChaosWorld, plan: Plan, ledger: Ledger): Promise<void> {
  ledger.plans.push(plan);
  const made = await register(world, plan, ledger);
  if (plan.habit === 'ignores') return;
  const link = plan.via === 'kiosk' ? made.verificationUrl : await textedLink(world, plan);
  if (plan.organization === 'external') return await walkElsewhere(world, plan, ledger, link);
  const customer = openLink({
    link,
    call: world.callPublic,
    upload: (applicantId, wish) => void world.onfido.upload(applicantId, wish),
  });
  for (let attempt = 1; attempt <= plan.outcomes.length; attempt++) {
    if (attempt > 1)
      await watch({ world, plan, ledger }, made.id, ({ result }) => result === 'RESUBMISSION_REQUESTED');
    await capture({ world, plan, ledger }, customer, attempt);
    if (plan.habit === 'walks_away') return;
  }
  if (plan.impatient && endOf(plan).identity === 'registered') await comeBack(world, plan, ledger, made.id);
}

function kioskCall(world: ChaosWorld, plan: Plan, method: string, path: string, body?: object) {
  const authorization = `Bearer ${world.kioskKey(plan.organization)}`;
  return world.callPrivate(method, path, { headers: { authorization }, body });
}

/** The Kratos identity of a plan, made when first asked for. */
export function kratosIdOf(world: ChaosWorld, plan: Plan): string | undefined {
  if (!plan.kratos) return undefined;
  const email = `customer-${plan.number}@example.com`;
  for (const identity of world.kratos.identities.values())
    if (identity.traits.email === email) return identity.id;
  return world.kratos.createIdentity({ email }).id;
}

async function register(world: ChaosWorld, plan: Plan, ledger: Ledger): Promise<RegistrationAnswer> {
  const kratosIdentityId = kratosIdOf(world, plan);
  const body = {
    phone: plan.phone,
    notify: plan.notify,
    phoneVerified: plan.phoneVerified,
    ...(plan.named ? { firstName: 'Given', lastName: inLetters(plan.number) } : {}),
    ...(kratosIdentityId === undefined ? {} : { kratosIdentityId }),
  };
  const ask = () => kioskCall(world, plan, 'POST', '/api/v1/registrations', body);
  const twice = plan.impatient ? [ask().catch(() => null)] : [];
  const answer = await persist({ world, plan, ledger }, 'asking for a registration', [200, 201], ask);
  for (const each of [answer, ...(await Promise.all(twice))])
    if (each && each.status < 300)
      note(ledger.registrations, plan.number, each.json<RegistrationAnswer>().id);
  return answer.json<RegistrationAnswer>();
}

/** Names have no digits. */
function inLetters(number: number): string {
  const letters = [...String(number)].map(digit => 'abcdefghij'[Number(digit)] ?? '');
  return `Family${letters.join('')}`;
}

async function textedLink(world: ChaosWorld, plan: Plan): Promise<string> {
  for (; !world.outOfPatience; await pause(25)) {
    const links = world.twilio.messagesTo(plan.phone).map(({ body }) => /https?:\/\/\S+/.exec(body)?.[0]);
    const link = links.find(found => found !== undefined);
    if (link !== undefined) return link;
  }
  throw new Error(`customer ${plan.number}: the link never came`);
}

async function capture(walking: Walk, customer: Customer, attempt: number): Promise<void> {
  const { world, plan, ledger } = walking;
  await persist(walking, 'the page', [200], () => customer.get());
  const started = await persist(walking, 'the start', [303], () => customer.start());
  ledger.started.add(plan.number);
  if (plan.impatient) void customer.start().catch(() => {});
  if (isHosted(plan)) return await captureThere(walking, customer, String(started.headers.location), attempt);
  const session = (await persist(walking, 'the session', [200], () => customer.session())).json<{
    token: string;
    workflowRunId?: string;
  }>();
  if (session.workflowRunId !== undefined) note(ledger.runs, plan.number, session.workflowRunId);
  if (plan.habit === 'walks_away') return;
  world.onfido.decide(applicantOf(session.token), plan.outcomes[attempt - 1] ?? 'clear');
  customer.upload();
  if (plan.habit === 'never_submits') return;
  await persist(walking, 'the end of the capture', [204], () => customer.submit());
  ledger.submitted.add(`${plan.number}:${attempt}`);
  if (plan.impatient) await customer.submit().catch(() => {});
}

function isHosted({ organization }: Plan): boolean {
  return organization === 'persona' || organization === 'jumio';
}

/** On the vendor's own page, which sends the customer back to ours in the end. */
async function captureThere(
  { world, plan, ledger }: Walk,
  customer: Customer,
  href: string,
  attempt: number,
): Promise<void> {
  const opened = await fetch(href);
  const page = await opened.text();
  if (opened.status !== 200)
    ledger.troubles.push(`customer ${plan.number}: the vendor's page was answered ${opened.status}`);
  if (plan.habit === 'walks_away') return;
  const outcome = plan.outcomes[attempt - 1] ?? '';
  const [, session = ''] = /name="session" value="([^"]+)"/.exec(page) ?? [];
  const [to, form] =
    plan.organization === 'persona'
      ? [new URL('/verify/finish', href), { session, outcome }]
      : [href, { outcome }];
  const done = await fetch(to, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  const back = new URL(done.headers.get('location') ?? 'about:blank').searchParams;
  const run = back.get('inquiry-id') ?? `${back.get('accountId')}/${back.get('workflowExecutionId')}`;
  note(ledger.runs, plan.number, run);
  if (plan.habit === 'finishes')
    await persist({ world, plan, ledger }, 'the way back', [200], () => customer.get());
}

/** On an external site: the same from the gateway's side, which there hears of the end of the capture and nothing else. */
async function walkElsewhere(world: ChaosWorld, plan: Plan, ledger: Ledger, link: string): Promise<void> {
  const applicant = new URL(link).searchParams.get('a') ?? '';
  if (world.site.token(applicant) === undefined)
    ledger.troubles.push(`customer ${plan.number}: the site was not told of the applicant before the text`);
  if (plan.habit === 'walks_away') return;
  world.onfido.decide(applicant, plan.outcomes[0] ?? 'clear');
  world.onfido.upload(applicant);
  if (plan.habit === 'never_submits') return;
  const path = `/serverapi/apiv1/identity-check/submit/${applicant}`;
  await persist({ world, plan, ledger }, 'the end of the capture', [204], () =>
    world.callPublic('GET', path),
  );
  ledger.submitted.add(`${plan.number}:1`);
}

/** Looks at the registration as a kiosk does, until it is as hoped for. */
async function watch(
  walking: Walk,
  id: string,
  hoped: (registration: RegistrationAnswer) => boolean,
): Promise<void> {
  const { world, plan } = walking;
  const look = () => kioskCall(world, plan, 'GET', `/api/v1/registrations/${id}`);
  while (!world.outOfPatience) {
    const answer = await persist(walking, 'looking', [200], look);
    if (hoped(answer.json<RegistrationAnswer>())) return;
    await pause(60);
  }
  throw new Error(`customer ${plan.number}: what was hoped for never came`);
}

/** A registered customer at a kiosk again: the same registration answers, and nobody is texted. */
async function comeBack(world: ChaosWorld, plan: Plan, ledger: Ledger, id: string): Promise<void> {
  await watch({ world, plan, ledger }, id, ({ status }) => status === 'decided');
  const kratosIdentityId = kratosIdOf(world, plan);
  const body = { phone: plan.phone, ...(kratosIdentityId === undefined ? {} : { kratosIdentityId }) };
  const answer = await persist({ world, plan, ledger }, 'coming back', [200], () =>
    kioskCall(world, plan, 'POST', '/api/v1/registrations', body),
  );
  note(ledger.registrations, plan.number, answer.json<RegistrationAnswer>().id);
}
