import { KratosError } from '../effects/mirror/kratos-client.js';
import { SmsError } from '../effects/notices/vendors/vendor.js';
import type { Failure } from '../jobs/runner.js';
import { ProviderError } from '../providers/provider.js';
import { RegistrationFailed } from '../registration/prepare-applicant.js';
import { NoSiteToken, SiteError } from '../registration/tell-site.js';
import { OutboundError } from '../runtime/outbound.js';
import { refusalOf } from '../runtime/refusal.js';

/**
 * Whether a job's error is worth another attempt. Refused credentials are: an operator mends them, and the work is then
 * still there. Anything unforeseen is too, because giving up loses more than trying again.
 */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof ProviderError) {
    const { status, retryAfterMs } = error.options;
    const code = coded(`provider_${error.kind}`, status);
    if (error.kind === 'under_way') return underWay(code, retryAfterMs);
    // a plain refusal for now, e.g. to delete what is still being checked
    if (
      error.kind === 'later' &&
      status !== undefined &&
      status >= 400 &&
      status < 500 &&
      !ailing.has(status)
    )
      return { retry: true, code, receiver: 'well' };
    return failure(error.kind, code, { retryAfterMs, busy: status === 429 });
  }
  if (error instanceof SmsError && error.kind === 'under_way')
    return underWay(`sms_${error.kind}`, error.retryAfterMs);
  if (error instanceof SmsError)
    return failure(error.kind, coded(`sms_${error.kind}`, error.code), {
      retryAfterMs: error.retryAfterMs,
      busy: error.retryAfterMs !== undefined,
    });
  if (error instanceof KratosError)
    return failure(error.kind, `kratos_${error.kind}`, {
      retryAfterMs: error.retryAfterMs,
      busy: error.retryAfterMs !== undefined,
    });
  if (error instanceof SiteError) return siteFailure(error);
  if (error instanceof NoSiteToken) return { retry: true, code: 'no_site_token' };
  if (error instanceof OutboundError)
    return {
      retry: true,
      code: `outbound_${error.kind}`,
      receiver: error.kind === 'aborted' ? 'unknown' : 'ill',
    };
  if (error instanceof RegistrationFailed) return { retry: false, code: 'registration_failed' };
  const refusal = refusalOf(error);
  return { retry: true, code: refusal === null ? 'unexpected' : `store_${refusal.toLowerCase()}` };
}

/** That it was looked for, and not found, says nothing of whether the receiver makes anything again. */
function underWay(code: string, retryAfterMs = 0): Failure {
  return { retry: true, code, receiver: 'unknown', waits: true, retryAfterMs };
}

/** Refusals that say something about the receiver rather than about the job. */
const ailing = new Set([408, 429]);

/** A site has no other way to say "not now", so that every answer is worth another attempt. */
function siteFailure({ status }: SiteError): Failure {
  const code = coded('site', status);
  if (status === 429) return { retry: true, code, receiver: 'busy' };
  const refusesThisOne = status >= 400 && status < 500 && !ailing.has(status);
  return { retry: true, code, receiver: refusesThisOne ? 'well' : 'ill' };
}

function coded(code: string, detail: string | number | undefined): string {
  return detail === undefined ? code : `${code}_${detail}`;
}

/** A receiver that refuses one job is well; one that answers nobody, or refuses our credentials, is ill for all of them. */
function failure(
  kind: string,
  code: string,
  wait: { readonly retryAfterMs: number | undefined; readonly busy: boolean },
): Failure {
  const retry = kind === 'later' || kind === 'unauthorized';
  const { retryAfterMs, busy } = wait;
  const receiver = retry ? (busy ? 'busy' : 'ill') : 'well';
  return { retry, code, receiver, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
