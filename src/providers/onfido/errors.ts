/** What a failed call means for whoever owns the retry. Texts name the call's shape and the status, nothing else. */
import { leavesOpen, OutboundError, type OutboundResponse } from '../../runtime/outbound.js';
import { ProviderError, type ProviderErrorKind } from '../provider.js';
import { errorBody } from './payload.js';

/** A call as errors name it: `POST /checks`, with `{id}` in place of ids. */
export interface CallName {
  readonly method: string;
  readonly shape: string;
}

const longestWait = 24 * 60 * 60_000;

function nameOf(call: CallName): string {
  return `${call.method} ${call.shape}`;
}

function actsOf(call: CallName): boolean {
  return call.method !== 'GET';
}

/** `Retry-After` in milliseconds, from seconds or a date; undefined when absent or unreadable. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), longestWait);
}

function kindOf(response: OutboundResponse): ProviderErrorKind {
  const { status } = response;
  if (status === 429 || status === 408 || status >= 500) return 'later';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 410) return 'missing';
  return errorType(response) === 'deletion_incomplete_checks' ? 'later' : 'refused';
}

function errorType(response: OutboundResponse): string | undefined {
  try {
    return errorBody.parse(JSON.parse(response.body.toString('utf8'))).error.type;
  } catch {
    return undefined;
  }
}

/** An answer that is not a success. Redirects are refusals too: they are never followed. */
export function fromResponse(call: CallName, response: OutboundResponse, now: number): ProviderError {
  const kind = kindOf(response);
  const wait = kind === 'later' ? retryAfterMs(response.headers['retry-after'], now) : undefined;
  return new ProviderError(kind, `Onfido answered ${response.status} to ${nameOf(call)}`, {
    status: response.status,
    // A fault or a time-out on their side says nothing about whether the work was done; a refusal does.
    mayHaveActed: actsOf(call) && (response.status >= 500 || response.status === 408),
    mayStillAct: actsOf(call) && leavesOpen(response.status),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** No complete answer. Too large an answer to a read stays too large, everything else may go better later. */
export function fromOutbound(call: CallName, error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error;
  const kind = error.kind === 'too_large' && !actsOf(call) ? 'refused' : 'later';
  return new ProviderError(kind, `no answer of Onfido to ${nameOf(call)}: ${error.kind}`, {
    mayHaveActed: actsOf(call) && error.mayHaveActed,
    mayStillAct: actsOf(call) && error.mayHaveActed,
    cause: error,
  });
}

/** A success whose body is not what it should be. */
export function unreadable(call: CallName, status: number): ProviderError {
  return new ProviderError('later', `Onfido’s answer to ${nameOf(call)} is unreadable`, {
    status,
    mayHaveActed: actsOf(call),
    mayStillAct: false,
  });
}
