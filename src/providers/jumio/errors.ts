/** What a failed call means for whoever owns the retry. Texts name the call's shape and the status, nothing else. */
import { OutboundError, type OutboundResponse } from '../../runtime/outbound.js';
import { ProviderError, type ProviderErrorKind } from '../provider.js';

/** A call as errors name it: `POST /accounts`, with `{id}` in place of ids. */
export interface CallName {
  readonly method: string;
  readonly shape: string;
  /** whether Jumio may do something because of it that shall not be done twice */
  readonly acts: boolean;
}

const longestWait = 24 * 60 * 60_000;

function nameOf(call: CallName): string {
  return `${call.method} ${call.shape}`;
}

/** `Retry-After` in milliseconds, from seconds or a date; undefined when absent or unreadable. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), longestWait);
}

function kindOf(status: number): ProviderErrorKind {
  if (status === 429 || status === 408 || status >= 500) return 'later';
  if (status === 401 || status === 403) return 'unauthorized';
  return status === 404 || status === 410 ? 'missing' : 'refused';
}

/** An answer that is not a success. Redirects are refusals too: they are never followed. */
export function fromResponse(call: CallName, response: OutboundResponse, now: number): ProviderError {
  const { status } = response;
  const kind = kindOf(status);
  const wait = kind === 'later' ? retryAfterMs(response.headers['retry-after'], now) : undefined;
  return new ProviderError(kind, `Jumio answered ${status} to ${nameOf(call)}`, {
    status,
    // A fault or a time-out on their side says nothing about whether the work was done; a refusal does.
    mayHaveActed: call.acts && (status >= 500 || status === 408),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** No complete answer. Too large an answer to a read stays too large, everything else may go better later. */
export function fromOutbound(call: CallName, error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error;
  const kind = error.kind === 'too_large' && !call.acts ? 'refused' : 'later';
  return new ProviderError(kind, `no answer of Jumio to ${nameOf(call)}: ${error.kind}`, {
    mayHaveActed: call.acts && error.mayHaveActed,
    cause: error,
  });
}

/** A success whose body is not what it should be. */
export function unreadable(call: CallName, status: number): ProviderError {
  return new ProviderError('later', `Jumio’s answer to ${nameOf(call)} is unreadable`, {
    status,
    mayHaveActed: call.acts,
  });
}
