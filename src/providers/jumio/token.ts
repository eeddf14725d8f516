/** The OAuth token: asked for once by however many callers, kept until shortly before it runs out. */
import type { Clock } from '../../runtime/clock.js';
import type { Outbound } from '../../runtime/outbound.js';
import { ProviderError } from '../provider.js';
import { type CallName, fromOutbound, fromResponse, unreadable } from './errors.js';
import { parseJson, token as tokenShape } from './payload.js';

export interface TokenSettings {
  readonly authUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
}

export interface TokenSource {
  /** a token that is good for a while. @throws {ProviderError} */
  get(signal: AbortSignal): Promise<string>;
  /** this token was refused; one that has replaced it meanwhile stays */
  drop(token: string): void;
}

const timeoutMs = 5_000;
const earlyMs = 300_000;
const call: CallName = { method: 'POST', shape: 'the token', acts: false };

/** Asks for nothing before the first `get`. */
export function createTokenSource(
  settings: TokenSettings,
  deps: { outbound: Outbound; clock: Clock },
): TokenSource {
  const { outbound, clock } = deps;
  const credentials = Buffer.from(`${settings.clientId}:${settings.clientSecret}`).toString('base64');
  let kept: { readonly token: string; readonly until: number } | undefined;
  let underWay: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const askedAt = clock.now();
    const response = await outbound
      .request({
        method: 'POST',
        url: settings.authUrl,
        headers: {
          authorization: `Basic ${credentials}`,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': settings.userAgent,
        },
        body: 'grant_type=client_credentials',
        timeoutMs,
        maxBytes: 65_536,
      })
      .catch(error => {
        throw fromOutbound(call, error);
      });
    if (response.status < 200 || response.status > 299)
      throw unauthorizedIfRefused(fromResponse(call, response, clock.now()));
    const parsed = tokenShape.safeParse(parseJson(response.body));
    if (!parsed.success) throw unreadable(call, response.status);
    const { access_token: token, expires_in: seconds } = parsed.data;
    const life = seconds * 1000;
    kept = { token, until: askedAt + life - Math.min(earlyMs, life / 2) };
    return token;
  }

  return {
    async get(signal) {
      if (kept && clock.now() < kept.until) return kept.token;
      // nobody's own signal may end what others wait for
      underWay ??= ask().finally(() => {
        underWay = undefined;
      });
      return await unlessAborted(underWay, signal);
    },
    drop(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/** OAuth says 400 to wrong credentials too, and a token's URL that does not exist is for the operator as well. */
function unauthorizedIfRefused(error: ProviderError): ProviderError {
  if (error.kind !== 'refused' && error.kind !== 'missing') return error;
  return new ProviderError('unauthorized', error.message, error.options);
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ProviderError('later', 'no answer of Jumio to POST the token: aborted'));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}
