/**
 * The one description of `gatehouse.yaml`: every key, its reader and its default. Times come out as milliseconds, sizes
 * as bytes, secrets as names. What spans several keys is in `rules.ts`; ids and other duties without a default are
 * optional here, so that a file with several mistakes can still be looked at as a whole.
 */
import { z } from 'zod';
import { languages, noticeKinds, personaInquiryTypes } from './config.js';
import {
  documentCountry,
  jumioApiBase,
  jumioUserAgent,
  jumioWorkflowKey,
  noticeText,
  onfidoApiBase,
  onfidoReports,
  organizationId,
  organizationName,
  personaApiBase,
  personaTemplateId,
  personName,
  phoneCountry,
  portlessUrl,
  referrerPattern,
  smsSender,
  twilioAccount,
  workflowId,
} from './field-values.js';
import { Refusal } from './problems.js';
import { readDuration, readSize } from './quantities.js';
import {
  fingerprint,
  flag,
  listenAddress,
  network,
  oneOf,
  type Reader,
  secretName,
  text,
  url,
  wholeNumber,
} from './values.js';

/** One value: zod carries it, the reader judges it and words the complaint. */
function setting<T>(read: Reader<T>) {
  return z.unknown().transform((raw, context): T => {
    try {
      return read(raw);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.addIssue({ code: 'custom', message: error.problem, params: { remedy: error.remedy } });
      return z.NEVER;
    }
  });
}

/** A group of keys that may be left out as a whole, in which case all its defaults hold. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as never);
}

function list<T>(read: Reader<T>) {
  return z.array(setting(read));
}

const file = text('the path of a file', /^[^\p{Cc}]{1,500}$/u, 'tls/fullchain.pem');

const tlsMode: Reader<'self-signed' | 'files'> = raw => {
  if (raw === 'acme')
    throw new Refusal(
      'is not built yet',
      'write files with certificate and key from your own ACME client, or self-signed behind nginx or cloudflared',
    );
  return oneOf(['self-signed', 'files'])(raw);
};

const tlsShape = {
  mode: setting(tlsMode).default('self-signed'),
  certificate: setting(file).optional(),
  key: setting(file).optional(),
};

const trustShape = { ca: setting(file).optional(), fingerprint: setting(fingerprint).optional() };

/** Every provider, each with a section of its name in an organization. */
export const settingsProviders = ['onfido', 'jumio', 'persona'] as const;

const onfidoShape = {
  apiToken: setting(secretName('ONFIDO_API_TOKEN')).optional(),
  region: setting(oneOf(['EU', 'US', 'CA'], true)).default('EU'),
  mode: setting(oneOf(['classic', 'studio'])).default('classic'),
  workflowId: setting(workflowId).optional(),
  trustApproved: setting(flag).default(false),
  strictFace: setting(flag).default(false),
  reportNames: list(oneOf(onfidoReports)).default(['document', 'facial_similarity_photo']),
  webhookTokens: list(secretName('ONFIDO_WEBHOOK_TOKEN')).optional(),
  referrer: setting(referrerPattern).optional(),
  requestsPerMinute: setting(wholeNumber(1, 100_000)).optional(),
  apiBase: setting(onfidoApiBase).optional(),
  sdkUrl: setting(url({ path: 'allowed', http: 'loopback', example: 'https://sdk.onfido.com/v14' })).default(
    'https://sdk.onfido.com/v14',
  ),
  ...trustShape,
};

const jumioShape = {
  clientId: setting(secretName('JUMIO_CLIENT_ID')).optional(),
  clientSecret: setting(secretName('JUMIO_CLIENT_SECRET')).optional(),
  authUrl: setting(
    url({ path: 'allowed', http: 'loopback', example: 'https://auth.emea-1.jumio.ai/oauth2/token' }),
  ).optional(),
  apiBase: setting(jumioApiBase).default('https://api.emea-1.jumio.ai/api/v1'),
  workflowKey: setting(jumioWorkflowKey).default('10011'),
  callbackSecrets: list(secretName('JUMIO_CALLBACK_SECRET')).optional(),
  callbackAddresses: list(network).default([]),
  publicUrl: setting(portlessUrl).optional(),
  userAgent: setting(jumioUserAgent).default('Gatehouse IdentityGateway/v1.0'),
  ...trustShape,
};

const personaShape = {
  apiKey: setting(secretName('PERSONA_API_KEY')).optional(),
  templateId: setting(personaTemplateId).optional(),
  inquiryType: setting(oneOf(personaInquiryTypes)).default('hosted-embedded'),
  trustApproved: setting(flag).default(false),
  approveCompleted: setting(flag).default(false),
  prefill: setting(flag).default(true),
  webhookSecrets: list(secretName('PERSONA_WEBHOOK_SECRET')).optional(),
  apiBase: setting(personaApiBase).default('https://api.withpersona.com/api/v1'),
  ...trustShape,
};

const policyShape = {
  minimumAge: setting(wholeNumber(0, 150)).optional(),
  maximumAge: setting(wholeNumber(0, 150)).optional(),
  documentCountries: list(documentCountry).optional(),
  documentTypes: list(
    oneOf([
      'national_identity_card',
      'driving_licence',
      'passport',
      'voter_id',
      'work_permit',
      'residence_permit',
      'other',
    ]),
  ).optional(),
  holdExpiredDocument: setting(flag).default(true),
  resubmissions: setting(wholeNumber(0, 10)).default(0),
  module: setting(file).optional(),
};

const siteUrl = url({ path: 'allowed', http: 'loopback', example: 'https://kyc.example.net' });

const textsOfKind = z
  .strictObject(
    Object.fromEntries(languages.map(language => [language, setting(noticeText).optional()])) as Record<
      (typeof languages)[number],
      z.ZodOptional<ReturnType<typeof setting<string>>>
    >,
  )
  .optional();

const textsShape = Object.fromEntries(noticeKinds.map(kind => [kind, textsOfKind])) as Record<
  (typeof noticeKinds)[number],
  typeof textsOfKind
>;

const organization = z.strictObject({
  id: setting(organizationId).optional(),
  name: setting(organizationName).optional(),
  autoRegistration: setting(flag).default(false),
  sandbox: setting(flag).default(false),
  countries: list(phoneCountry).default([]),
  language: setting(oneOf(languages)).default('en'),
  expectedReports: list(text('a report', /^[a-z][a-z_]{1,79}$/, 'document or facial')).default([
    'document',
    'facial',
  ]),
  provider: setting(oneOf(settingsProviders)).default('onfido'),
  onfido: section(onfidoShape),
  jumio: section(jumioShape),
  persona: section(personaShape),
  verificationSite: setting<string>(raw => (raw === 'built-in' ? raw : siteUrl(raw))).default('built-in'),
  placeholderName: section({
    first: setting(personName).default('Unnamed'),
    last: setting(personName).default('Customer'),
  }),
  policy: section(policyShape),
  sms: section({
    from: setting(smsSender).optional(),
    perNumberDaily: setting(wholeNumber(1, 100)).default(5),
    perKioskDaily: setting(wholeNumber(1, 100_000)).default(200),
  }),
  texts: section(textsShape),
  mirror: setting(flag).optional(),
  ory: setting(flag).default(false),
});

/** The whole file. */
export const settingsSchema = z.strictObject({
  front: setting(oneOf(['direct', 'nginx', 'cloudflared'])).default('direct'),
  site: section({
    publicUrl: setting(
      url({ path: 'none', http: 'anywhere', example: 'https://kyc.example.net' }),
    ).optional(),
  }),
  listeners: section({
    public: section({
      host: setting(listenAddress).default('0.0.0.0'),
      port: setting(wholeNumber(0, 65_535)).default(7743),
      tls: section(tlsShape),
    }),
    private: section({
      host: setting(listenAddress).default('127.0.0.1'),
      port: setting(wholeNumber(0, 65_535)).default(3000),
      tls: z.strictObject(tlsShape).optional(),
    }),
  }),
  trustedProxies: list(network).default([]),
  limits: section({
    deliverySize: setting(readSize('16KiB', '16MiB')).default(1_048_576),
    deliveriesPerSecond: setting(wholeNumber(0, 1_000_000)).default(0),
    bodySize: setting(readSize('4KiB', '4MiB')).default(65_536),
    requestTime: setting(readDuration('1s', '5m')).default(30_000),
    headersTime: setting(readDuration('1s', '1m')).default(10_000),
    connections: setting(wholeNumber(10, 100_000)).default(2000),
    shutdownTime: setting(readDuration('1s', '5m')).default(20_000),
    perLinkMinute: setting(wholeNumber(10, 10_000)).default(120),
  }),
  times: section({
    link: setting(readDuration('1m', '7d')).default(5_400_000),
    uploads: setting(readDuration('1s', '1d')).default(600_000),
    silence: setting(readDuration('1s', '1d')).default(600_000),
    lostAnswer: setting(readDuration('30s', '10m')).default(30_000),
  }),
  sms: section({
    vendor: setting(oneOf(['console', 'twilio'])).default('console'),
    totalDaily: setting(wholeNumber(1, 1_000_000)).default(1000),
    twilio: section({
      accountSid: setting(twilioAccount).optional(),
      authToken: setting(secretName('TWILIO_AUTH_TOKEN')).default({ secret: 'TWILIO_AUTH_TOKEN' }),
      from: setting(smsSender).optional(),
      apiBase: setting(url({ path: 'none', http: 'loopback', example: 'https://api.twilio.com' })).default(
        'https://api.twilio.com',
      ),
    }),
  }),
  kratos: z
    .strictObject({
      adminUrl: setting(
        url({ path: 'allowed', http: 'loopback', example: 'http://127.0.0.1:4434' }),
      ).optional(),
      publicUrl: setting(
        url({ path: 'allowed', http: 'loopback', example: 'http://127.0.0.1:4433' }),
      ).optional(),
      apiKey: setting(secretName('ORY_API_KEY')).optional(),
      ...trustShape,
    })
    .optional(),
  ory: section({
    hooks: setting(oneOf(['private', 'public'])).default('private'),
    hookAddresses: list(network).default([]),
    gate: setting(oneOf(['declined', 'approved'])).default('declined'),
    resumeLink: setting(flag).default(true),
    onDecline: setting(oneOf(['none', 'revokeSessions', 'deactivate'])).default('none'),
    returnUrl: setting(
      url({ path: 'allowed', http: 'loopback', example: 'https://app.example.net' }),
    ).optional(),
    origins: list(url({ path: 'none', http: 'loopback', example: 'https://app.example.net' })).default([]),
    attemptLife: setting(readDuration('10m', '7d')).default(86_400_000),
    attemptsPerDay: setting(wholeNumber(1, 100)).default(3),
    attemptsPerHour: setting(wholeNumber(1, 1_000_000)).default(500),
    webhookSecrets: list(secretName('ORY_WEBHOOK_SECRET')).optional(),
  }),
  log: section({
    level: setting(oneOf(['debug', 'info', 'warn', 'error'])).default('info'),
    format: setting(oneOf(['json', 'pretty'])).default('json'),
  }),
  allowUnofficialHosts: setting(flag).default(false),
  organizations: z.array(organization).default([]),
});

/** The file as read: defaults filled in, secrets still names. */
export type Settings = z.output<typeof settingsSchema>;
export type OrganizationSettings = Settings['organizations'][number];
