/** What a failed call means for whoever owns the retry. Texts name the call's shape and the status, nothing else. */
import { OutboundError, type OutboundResponse } from '../../runtime/outbound.js';
import { ProviderError, type ProviderErrorKind } from '../provider.js';

/** A call as errors name it: `POST /inquiries`, with `{id}` in place of ids. */
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

/** Persona says in `RateLimit-Reset` when a limit is over; a proxy in between may say `Retry-After`. Both in seconds. */
function waitOf({ headers }: OutboundResponse): number | undefined {
  const said = headers['retry-after'] ?? headers['ratelimit-reset'];
  return said !== undefined && /^\d{1,9}$/.test(said.trim())
    ? Math.min(Number(said) * 1000, longestWait)
    : undefined;
}

/** 409 is another request under way for the same thing, the idempotency key's or the object's. */
function kindOf(status: number): ProviderErrorKind {
  if (status === 409 || status === 429 || status === 408 || status >= 500) return 'later';
  if (status === 401 || status === 403) return 'unauthorized';
  return status === 404 || status === 410 ? 'missing' : 'refused';
}

/** An answer that is not a success. Redirects are refusals too: they are never followed. */
export function fromResponse(call: CallName, response: OutboundResponse): ProviderError {
  const { status } = response;
  const kind = kindOf(status);
  const wait = kind === 'later' ? waitOf(response) : undefined;
  return new ProviderError(kind, `Persona answered ${status} to ${nameOf(call)}`, {
    status,
    // A fault or a time-out on their side says nothing about whether the work was done; a refusal does.
    mayHaveActed: actsOf(call) && (status >= 500 || status === 408 || status === 409),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** No complete answer. Too large an answer to a read stays too large, everything else may go better later. */
export function fromOutbound(call: CallName, error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error;
  const kind = error.kind === 'too_large' && !actsOf(call) ? 'refused' : 'later';
  return new ProviderError(kind, `no answer of Persona to ${nameOf(call)}: ${error.kind}`, {
    mayHaveActed: actsOf(call) && error.mayHaveActed,
    cause: error,
  });
}

/** A success whose body is not what it should be. */
export function unreadable(call: CallName, status: number): ProviderError {
  return new ProviderError('later', `Persona’s answer to ${nameOf(call)} is unreadable`, {
    status,
    mayHaveActed: actsOf(call),
  });
}
