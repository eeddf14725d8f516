import assert from 'node:assert/strict';
import type { UploadWish } from '../../src/simulators/onfido/index.js';
import type { Answer, CallOptions } from './call.js';

/** A customer's phone with a link open, without its browser: what the pages' forms and scripts send is sent. */
export interface Customer {
  /** the link's path, e.g. `/v/…` */
  readonly path: string;
  get(below?: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** the start button; with the consent box ticked or not */
  start(consent?: boolean): Promise<Answer>;
  /** the capture page asks for a token */
  session(): Promise<Answer>;
  /** what the capture leaves at the provider; the applicant is the one the session was for */
  upload(wish?: UploadWish): void;
  /** the capture page says that it is done */
  submit(): Promise<Answer>;
  /** what the status page polls */
  standing(): Promise<{ page: string; final: boolean }>;
  /** all of it, as most customers do it */
  goThrough(options?: { consent?: boolean; upload?: UploadWish }): Promise<void>;
}

/** How a phone reaches the box, and what a finished capture does at the provider. */
export interface PhoneOptions {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  upload(applicantId: string, wish?: UploadWish): void;
  /** the link as it was texted or shown */
  readonly link: string;
}

/** Opens a link. */
export function openLink(options: PhoneOptions): Customer {
  const { origin, pathname: path } = new URL(options.link);
  let token: string | undefined;

  const post = (below: string, form?: Record<string, string>) =>
    options.call('POST', `${path}/${below}`, {
      headers: { origin, 'sec-fetch-site': 'same-origin' },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });

  const customer: Customer = {
    path,
    get: (below = '', headers = {}) => options.call('GET', `${path}${below}`, { headers }),
    start: (consent = false) => post('start', consent ? { consent: 'yes' } : {}),
    async session() {
      const answer = await post('session');
      if (answer.status === 200) token = answer.json<{ token: string }>().token;
      return answer;
    },
    upload(wish) {
      assert.ok(token, 'a capture begins with a session');
      options.upload(applicantOf(token), wish);
    },
    submit: () => post('submit'),
    async standing() {
      return (await customer.get('/status.json')).json();
    },
    async goThrough({ consent = false, upload } = {}) {
      assert.equal((await customer.get()).status, 200);
      const started = await customer.start(consent);
      assert.equal(started.status, 303);
      assert.match(String(started.headers.location), /\/capture(\?|$)/);
      assert.equal((await customer.get('/capture')).status, 200);
      assert.equal((await customer.session()).status, 200);
      customer.upload(upload);
      assert.equal((await customer.submit()).status, 204);
    },
  };
  return customer;
}

/** The applicant an SDK token is for, as the vendor's script reads it. */
export function applicantOf(token: string): string {
  const [, payload = ''] = token.split('.');
  const { payload: inner } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    payload: { app: string };
  };
  return inner.app;
}
