import { KratosError } from '../effects/mirror/kratos-client.js';
import { SmsError } from '../effects/notices/vendors/vendor.js';
import type { Failure } from '../jobs/runner.js';
import { ProviderError } from '../providers/provider.js';
import { OutboundError } from '../runtime/outbound.js';

/**
 * Whether a job's error is worth another attempt. Refused credentials are: an operator mends them, and the work is then
 * still there. Anything unforeseen is too, because giving up loses more than trying again.
 */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof ProviderError) {
    const { status, retryAfterMs } = error.options;
    return failure(
      error.kind,
      `provider_${error.kind}${status === undefined ? '' : `_${status}`}`,
      retryAfterMs,
    );
  }
  if (error instanceof SmsError)
    return failure(
      error.kind,
      `sms_${error.kind}${error.code === undefined ? '' : `_${error.code}`}`,
      error.retryAfterMs,
    );
  if (error instanceof KratosError) return failure(error.kind, `kratos_${error.kind}`, error.retryAfterMs);
  if (error instanceof OutboundError) return { retry: true, code: `outbound_${error.kind}` };
  return { retry: true, code: 'unexpected' };
}

function failure(kind: string, code: string, retryAfterMs: number | undefined): Failure {
  const retry = kind === 'later' || kind === 'unauthorized';
  return { retry, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
