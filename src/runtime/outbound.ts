/** One call to the outside. Built by `createOutbound`; everything that leaves the box goes through one of these. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** the whole call, connection included (default 30 s) */
  readonly timeoutMs?: number;
  /** largest answer read (default 1 MiB); beyond it the call fails with `too_large` */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** A complete answer of any status; redirects are answers too and are never followed. Header names are lower case. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What went wrong when there is no complete answer. */
export type OutboundErrorKind =
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'too_large'
  | 'forbidden_address'
  | 'aborted'
  | 'cut';

/** A call without a complete answer. The message names origin and kind only: paths and queries may carry ids. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  constructor(
    readonly kind: OutboundErrorKind,
    /** whether the peer may have received and acted on the request */
    readonly mayHaveActed: boolean,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

const waitedNoLonger = new Set([408, 502, 504]);

/** Whether somebody in between says by this status that they waited no longer: the peer may still be at work. */
export function leavesOpen(status: number): boolean {
  return waitedNoLonger.has(status);
}

/** The guarded client. */
export interface Outbound {
  /** @throws {OutboundError} */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  close(): Promise<void>;
}
