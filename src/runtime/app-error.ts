/** What an {@link AppError} carries besides code, status and text. */
export interface AppErrorDetails {
  /** the part of the input that is wrong, e.g. `phone` */
  readonly field?: string;
  /** what happened underneath; logged, never told to the caller */
  readonly cause?: unknown;
  /** becomes the `Retry-After` header */
  readonly retryAfterSeconds?: number;
}

/**
 * A refusal meant for the caller: a stable code, an HTTP status and a text without personal data. Whatever is thrown
 * and is not one of these is told to nobody. Branch on `code`, never on the text.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: string,
    readonly status: number,
    readonly publicMessage: string,
    details: AppErrorDetails = {},
  ) {
    super(`${code}: ${publicMessage}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
