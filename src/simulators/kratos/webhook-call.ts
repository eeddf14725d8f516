/** One firing of a hook over HTTP, with Kratos' patience: three attempts of 30 seconds each. */
import { randomUUID } from 'node:crypto';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Schedule } from '../wire/schedule.js';
import type { WebHook } from './actions.js';

/** One attempt, as it went. */
export interface HookAttempt {
  readonly hook: string | null;
  readonly url: string;
  readonly attempt: number;
  /** epoch milliseconds on the simulator's clock */
  readonly at: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number | null;
  /** the body of the answer */
  readonly answer?: string;
  /** why there was no status */
  readonly error?: string;
}

/** How a firing ended. `gave_up`: nothing of the last answer is known to Kratos. */
export type HookReply =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'gave_up' };

export interface HookCaller {
  readonly attempts: readonly HookAttempt[];
  call(webHook: WebHook, body: string): Promise<HookReply>;
  close(): void;
}

export interface HookCallerOptions {
  readonly schedule: Schedule;
  /** PEM trusted for hooks; a function where it is only known later */
  readonly ca?: string | (() => string) | undefined;
  /** where a URL is really reached; the name in it still decides `Host` and the expected certificate */
  readonly rewriteUrl?: ((url: string) => string) | undefined;
}

const attemptMs = 30_000;
const waitsMs = [1_000, 2_000];

type Outcome =
  | { readonly status: number; readonly text: string; readonly retryAfter: string | undefined }
  | { readonly status: null; readonly error: string; readonly timeout: boolean; readonly final: boolean };

/** A caller that has called nobody yet. */
export function createHookCaller(options: HookCallerOptions): HookCaller {
  const { schedule } = options;
  const attempts: HookAttempt[] = [];
  const closing = new AbortController();

  async function call(webHook: WebHook, body: string): Promise<HookReply> {
    const trigger = randomUUID();
    for (let attempt = 1; ; attempt++) {
      const at = schedule.now();
      const headers = headersOf(webHook, trigger);
      const outcome = await once(webHook, headers, body);
      const { status } = outcome;
      const came = outcome.status === null ? { error: outcome.error } : { answer: outcome.text };
      attempts.push({ hook: webHook.id, url: webHook.url, attempt, at, body, headers, status, ...came });
      if (!isRetried(outcome)) return replyOf(outcome);
      const wait = waitsMs[attempt - 1];
      if (wait === undefined || closing.signal.aborted)
        return outcome.status === null && outcome.timeout ? { kind: 'timeout' } : { kind: 'gave_up' };
      await schedule.delay(askedWait(outcome) ?? wait);
    }
  }

  function once(webHook: WebHook, headers: Record<string, string>, body: string): Promise<Outcome> {
    const named = new URL(webHook.url);
    const target = new URL(options.rewriteUrl?.(webHook.url) ?? webHook.url);
    const ca = typeof options.ca === 'function' ? options.ca() : options.ca;
    const settings: RequestOptions & { ca?: string; servername?: string } = {
      method: webHook.method,
      host: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port || (target.protocol === 'https:' ? 443 : 80),
      path: `${target.pathname}${target.search}`,
      headers: { host: named.host, ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: closing.signal,
      ...(/[a-z]/i.test(named.hostname) && !named.hostname.includes(':')
        ? { servername: named.hostname }
        : {}),
      ...(ca === undefined ? {} : { ca }),
    };
    return send(target.protocol === 'https:', settings, body, schedule);
  }

  return { attempts, call, close: () => closing.abort() };
}

function send(secure: boolean, settings: RequestOptions, body: string, schedule: Schedule): Promise<Outcome> {
  return new Promise(resolve => {
    let late = false;
    const failed = (error: Error & { code?: string }) =>
      resolve({
        status: null,
        error: error.code ?? error.message,
        timeout: late,
        final: isBadCertificate(error),
      });
    const request = (secure ? requestHttps : requestHttp)(settings, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', failed);
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, text: Buffer.concat(chunks).toString('utf8'), retryAfter: headers['retry-after'] });
      });
    });
    schedule.after(attemptMs, () => {
      late = true;
      request.destroy(new Error('no answer in time'));
    });
    request.once('error', failed);
    request.end(body);
  });
}

function headersOf(webHook: WebHook, trigger: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...webHook.headers,
    ...(webHook.cookie === null ? {} : { cookie: webHook.cookie }),
    'ory-webhook-trigger-id': trigger,
    'ory-webhook-request-id': randomUUID(),
  };
}

function isBadCertificate({ code = '' }: { code?: string }): boolean {
  return /CERT|SIGNATURE|ERR_TLS/.test(code);
}

function isRetried(outcome: Outcome): boolean {
  if (outcome.status === null) return !outcome.final;
  return outcome.status === 429 || (outcome.status >= 500 && outcome.status !== 501);
}

function replyOf(outcome: Outcome): HookReply {
  return outcome.status === null
    ? { kind: 'gave_up' }
    : { kind: 'answer', status: outcome.status, text: outcome.text };
}

/** `Retry-After` is obeyed however long it is, while somebody waits for the page. */
function askedWait(outcome: Outcome): number | undefined {
  if (outcome.status !== 429 && outcome.status !== 503) return undefined;
  const seconds = Number(outcome.retryAfter);
  return outcome.retryAfter !== undefined && Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
