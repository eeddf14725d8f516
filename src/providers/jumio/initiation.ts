/** What Jumio is asked for when a customer goes on: an account with a workflow, and the link into it. */
import countries from 'i18n-iso-countries/index.js';
import type { SessionRequest } from '../provider.js';
import { requireApplicant } from './ids.js';
import { type Mark, referenceOf } from './reference.js';

/** What of the settings goes into it. */
export interface InitiationSettings {
  readonly workflowKey: string;
  readonly publicUrl?: string;
}

/** How long a link lives, in Jumio's words and in milliseconds: its default. */
export const linkLife = { text: '30m', ms: 30 * 60_000 } as const;

const longestUrl = 255;

/** The path of callbacks at our public base. */
export const callbackPath = '/jumio/callback';

/** The customer's way back: the page they came from, at a base that Jumio takes. */
function returnUrlOf({ publicUrl }: InitiationSettings, { returnUrl }: SessionRequest): string | undefined {
  if (publicUrl === undefined || returnUrl === undefined) return undefined;
  const { pathname } = new URL(returnUrl);
  const url = `${publicUrl}${pathname}`;
  return url.length <= longestUrl ? url : undefined;
}

function webOf(settings: InitiationSettings, request: SessionRequest): object {
  const url = returnUrlOf(settings, request);
  return { ...(url === undefined ? {} : { successUrl: url, errorUrl: url }), locale: request.language };
}

/** Address and country are wanted with every biometric workflow; the consent is a duty for customers in the USA. */
function userConsentOf({ country, ipAddress, consentAt }: SessionRequest): object | undefined {
  const alpha3 = country === undefined ? undefined : countries.alpha2ToAlpha3(country.toUpperCase());
  if (alpha3 === undefined && ipAddress === undefined) return undefined;
  return {
    ...(ipAddress === undefined ? {} : { userIp: ipAddress }),
    ...(alpha3 === undefined ? {} : { userLocation: { country: alpha3 } }),
    ...(consentAt === undefined
      ? {}
      : { consent: { obtained: 'yes', obtainedAt: new Date(consentAt).toISOString() } }),
  };
}

/** The body of the call. Neither names nor numbers go to Jumio: it reads them from the document. */
export function initiationOf(settings: InitiationSettings, mark: Mark, request: SessionRequest): object {
  const { workflowKey: key, publicUrl } = settings;
  const userConsent = userConsentOf(request);
  return {
    customerInternalReference: requireApplicant(request.applicantRef),
    userReference: referenceOf(mark, request.checkId),
    workflowDefinition: { key: /^\d{1,15}$/.test(key) ? Number(key) : key },
    tokenLifetime: linkLife.text,
    ...(publicUrl === undefined ? {} : { callbackUrl: `${publicUrl}${callbackPath}` }),
    web: webOf(settings, request),
    ...(userConsent === undefined ? {} : { userConsent }),
  };
}
