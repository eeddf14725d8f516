/** The customer's side of a case, without a browser: what the pages' forms and scripts send is sent. */
import { CaseFault, callJson, type Parties, waitFor } from './parties.js';

interface Text {
  readonly to: string;
  readonly body: string;
}

/** The texts that arrived at a number, oldest first. */
export async function textsTo(parties: Parties, number: string): Promise<string[]> {
  if (parties.twilio === undefined) return [];
  const { status, body } = await callJson<readonly Text[]>(
    parties,
    'GET',
    `${parties.twilio}/_control/messages`,
  );
  if (status !== 200) throw new CaseFault('the simulated Twilio does not show its messages');
  return body.filter(({ to }) => to === number).map(text => text.body);
}

/** Waits for a text with a link, beyond those that were there before. */
export async function waitForLink(parties: Parties, number: string, before = 0): Promise<string> {
  return await waitFor('the text message with the link', async () => {
    const texts = (await textsTo(parties, number)).slice(before);
    return texts.flatMap(text => /https?:\/\/\S+\/v\/[\w-]+/.exec(text) ?? [])[0];
  });
}

/**
 * Opens the link, starts, captures a document and a selfie at the simulator, and says that it is done; or goes on to the
 * vendor's own page and picks there how it ends.
 */
export async function goThrough(parties: Parties, link: string, outcome: string): Promise<void> {
  const url = reachable(parties, link);
  await expectStatus('the page behind the link', 200, send(parties, 'GET', url));
  const started = await expectAnswer(
    'the start button',
    303,
    send(parties, 'POST', `${url}/start`, { consent: 'yes' }),
  );
  const leadsTo = new URL(started.headers.location ?? '', url);
  if (leadsTo.origin !== new URL(url).origin) return await finishAtVendor(parties, leadsTo, outcome);
  const applicantId = await startCapture(parties, url);
  await control(parties, 'decide', { id: applicantId, outcome });
  await control(parties, 'upload', { id: applicantId });
  await expectStatus('the end of the capture', 204, send(parties, 'POST', `${url}/submit`));
}

/** The vendor's page is a form, in which the simulated one asks how it shall end. */
async function finishAtVendor(parties: Parties, page: URL, outcome: string): Promise<void> {
  const html = (await expectStatus('the vendor’s page', 200, send(parties, 'GET', page.href))).toString();
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  const session = /name="session" value="([^"]+)"/.exec(html)?.[1];
  const target = action === undefined ? page : new URL(action, page);
  const form = { outcome, ...(session === undefined ? {} : { session }) };
  const { status } = await send(parties, 'POST', target.href, form);
  if (status !== 303) throw new CaseFault(`the simulated vendor knows no outcome "${outcome}" (${status})`);
}

function reachable({ site }: Parties, link: string): string {
  if (site === undefined) return link;
  const { pathname } = new URL(link);
  return `${site}${pathname}`;
}

/** Gets a token as the page does and reads from it, as the vendor's script does, whom it is for. */
async function startCapture(parties: Parties, url: string): Promise<string> {
  const session = await expectStatus(
    'the token for the capture',
    200,
    send(parties, 'POST', `${url}/session`),
  );
  const { token } = JSON.parse(session.toString()) as { token?: string };
  const payload = Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString();
  const applicant = /"app":"([^"]+)"/.exec(payload)?.[1];
  if (applicant === undefined)
    throw new CaseFault('the token for the capture is not one of the simulated Onfido');
  return applicant;
}

async function control(parties: Parties, action: string, body: object): Promise<void> {
  const answer = await callJson<{ error?: string }>(
    parties,
    'POST',
    `${parties.onfido}/_control/${action}`,
    body,
  );
  if (answer.status !== 200)
    throw new CaseFault(`the simulated Onfido refuses: ${answer.body?.error ?? answer.status}`);
}

/** Like a form or script of the page itself. */
function send(parties: Parties, method: 'GET' | 'POST', url: string, form?: Record<string, string>) {
  return parties.outbound.request({
    method,
    url,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
  });
}

async function expectStatus(what: string, expected: number, call: ReturnType<typeof send>): Promise<Buffer> {
  return (await expectAnswer(what, expected, call)).body;
}

async function expectAnswer(what: string, expected: number, call: ReturnType<typeof send>) {
  const answer = await call;
  if (answer.status === expected) return answer;
  throw new CaseFault(`${what} answered ${answer.status} instead of ${expected}`);
}
