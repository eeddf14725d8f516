import { resolve } from 'node:path';
import type {
  Config,
  JumioSettings,
  KratosSettings,
  OnfidoSettings,
  Organization,
  OrySettings,
  OutboundTrust,
  PersonaSettings,
  ProviderSettings,
  SmsSettings,
  TlsSettings,
} from './config.js';
import { jumioAuthUrlOf, jumioPublicUrlOf } from './jumio-hosts.js';
import type { Path } from './problems.js';
import type { OrganizationSettings, Settings } from './schema.js';

/** Everything that is not in the settings file. */
export interface Parts {
  readonly configDir: string;
  readonly dataDir: string;
  readonly hostname: string;
  readonly masterKey: Buffer;
  readonly urls: Config['urls'];
  /** the value of the secret that the settings name at a path, e.g. `organizations[0].onfido.apiToken` */
  readonly secretAt: (path: string) => string;
  /** the line a problem at this path is shown with */
  readonly sourceOf: (path: Path) => string;
  readonly byEnvironment: boolean;
}

/** Settings whose rules all hold, turned into the configuration in force (warnings aside). */
export function buildConfig(settings: Settings, parts: Parts): Omit<Config, 'warnings'> {
  const { listeners, limits, times } = settings;
  const kratos = kratosSettings(settings, parts);
  return {
    configDir: parts.configDir,
    dataDir: parts.dataDir,
    hostname: parts.hostname,
    front: settings.front,
    masterKey: parts.masterKey,
    publicListener: {
      host: listeners.public.host,
      port: listeners.public.port,
      tls: tlsSettings(listeners.public.tls, parts),
    },
    privateListener: {
      host: listeners.private.host,
      port: listeners.private.port,
      ...(listeners.private.tls ? { tls: tlsSettings(listeners.private.tls, parts) } : {}),
    },
    trustedProxies: settings.trustedProxies,
    limits: {
      deliveryBytes: limits.deliverySize,
      deliveriesPerSecond: limits.deliveriesPerSecond,
      bodyBytes: limits.bodySize,
      requestMs: limits.requestTime,
      headersMs: limits.headersTime,
      connections: limits.connections,
      shutdownMs: limits.shutdownTime,
      perLinkMinute: limits.perLinkMinute,
    },
    times: {
      linkMs: times.link,
      uploadsMs: times.uploads,
      silenceMs: times.silence,
      lostAnswerMs: times.lostAnswer,
    },
    urls: parts.urls,
    byEnvironment: parts.byEnvironment,
    organizations: settings.organizations.map((organization, index) =>
      buildOrganization(organization, index, kratos !== undefined, parts),
    ),
    sms: smsSettings(settings, parts),
    ...(kratos ? { kratos } : {}),
    ory: orySettings(settings, parts),
    log: settings.log,
  };
}

/** The API of a region. */
export function onfidoApiBaseOf(region: OnfidoSettings['region']): string {
  return `https://api.${region.toLowerCase()}.onfido.com/v3.6`;
}

function buildOrganization(
  from: OrganizationSettings,
  index: number,
  hasKratos: boolean,
  parts: Parts,
): Organization {
  const { module, ...policy } = from.policy;
  const { from: sender, perNumberDaily, perKioskDaily } = from.sms;
  return {
    id: from.id!,
    name: from.name!,
    autoRegistration: from.autoRegistration,
    sandbox: from.sandbox,
    countries: from.countries,
    language: from.language,
    expectedReports: from.expectedReports,
    provider: providerSettings(from, index, parts),
    providerAt: parts.sourceOf(['organizations', index, 'provider']),
    verificationSite:
      from.verificationSite === 'built-in'
        ? { kind: 'built-in' }
        : { kind: 'external', url: from.verificationSite },
    placeholderName: from.placeholderName,
    policy: present(policy),
    ...(module === undefined ? {} : { policyModule: resolve(parts.configDir, module) }),
    sms: {
      ...(sender === undefined ? {} : { from: sender }),
      texts: textsOf(from.texts),
      perNumberDaily,
      perKioskDaily,
    },
    mirror: from.mirror ?? hasKratos,
    ory: from.ory,
  };
}

function providerSettings(from: OrganizationSettings, index: number, parts: Parts): ProviderSettings {
  const path = `organizations[${index}].${from.provider}`;
  switch (from.provider) {
    case 'onfido':
      return onfidoSettings(from.onfido, path, parts);
    case 'jumio':
      return jumioSettings(from.jumio, path, parts);
    case 'persona':
      return personaSettings(from.persona, path, parts);
  }
}

/** While a secret is being replaced, Persona's users keep the new and the old one in one variable, with a comma. */
function personaSettings(from: OrganizationSettings['persona'], path: string, parts: Parts): PersonaSettings {
  const secrets = (from.webhookSecrets ?? []).map((_name, index) =>
    parts.secretAt(`${path}.webhookSecrets[${index}]`),
  );
  return {
    provider: 'persona',
    apiKey: parts.secretAt(`${path}.apiKey`),
    apiBase: from.apiBase,
    templateId: from.templateId!,
    inquiryType: from.inquiryType,
    approveCompleted: from.approveCompleted,
    prefill: from.prefill,
    webhookTokens: secrets
      .flatMap(secret => secret.split(','))
      .map(secret => secret.trim())
      .filter(secret => secret !== ''),
    strictFace: false,
    trustApproved: from.trustApproved,
    trust: trustOf(from, parts),
  };
}

function jumioSettings(from: OrganizationSettings['jumio'], path: string, parts: Parts): JumioSettings {
  const publicUrl = from.publicUrl ?? jumioPublicUrlOf(parts.urls.site);
  return {
    provider: 'jumio',
    authUrl: from.authUrl ?? jumioAuthUrlOf(from.apiBase)!,
    apiBase: from.apiBase,
    clientId: parts.secretAt(`${path}.clientId`),
    clientSecret: parts.secretAt(`${path}.clientSecret`),
    workflowKey: from.workflowKey,
    userAgent: from.userAgent,
    webhookTokens: (from.callbackSecrets ?? []).map((_name, index) =>
      parts.secretAt(`${path}.callbackSecrets[${index}]`),
    ),
    callbackAddresses: from.callbackAddresses,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    strictFace: false,
    trustApproved: false,
    trust: trustOf(from, parts),
  };
}

function onfidoSettings(from: OrganizationSettings['onfido'], path: string, parts: Parts): OnfidoSettings {
  return {
    provider: 'onfido',
    region: from.region,
    apiToken: parts.secretAt(`${path}.apiToken`),
    apiBase: from.apiBase ?? onfidoApiBaseOf(from.region),
    sdkUrl: from.sdkUrl,
    webhookTokens: (from.webhookTokens ?? []).map((_name, index) =>
      parts.secretAt(`${path}.webhookTokens[${index}]`),
    ),
    mode: from.mode,
    ...(from.mode === 'studio' && from.workflowId !== undefined ? { workflowId: from.workflowId } : {}),
    trustApproved: from.trustApproved,
    strictFace: from.strictFace,
    reportNames: from.reportNames,
    trust: trustOf(from, parts),
    ...(from.referrer === undefined ? {} : { referrer: from.referrer }),
    ...(from.requestsPerMinute === undefined ? {} : { requestsPerMinute: from.requestsPerMinute }),
  };
}

function smsSettings({ sms: { vendor, totalDaily, twilio } }: Settings, parts: Parts): SmsSettings {
  if (vendor === 'console') return { vendor, totalDaily };
  return {
    vendor,
    totalDaily,
    twilio: {
      accountSid: twilio.accountSid!,
      authToken: parts.secretAt('sms.twilio.authToken'),
      from: twilio.from!,
      apiBase: twilio.apiBase,
    },
  };
}

function kratosSettings({ kratos }: Settings, parts: Parts): KratosSettings | undefined {
  if (kratos === undefined) return undefined;
  const adminUrl = kratos.adminUrl!;
  const publicUrl = kratos.publicUrl ?? (isOryNetwork(adminUrl) ? adminUrl : undefined);
  return {
    adminUrl,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(kratos.apiKey === undefined ? {} : { apiKey: parts.secretAt('kratos.apiKey') }),
    trust: trustOf(kratos, parts),
  };
}

/** A project of the Ory Network has one address for both APIs; elsewhere the admin address must not serve customers. */
export function isOryNetwork(adminUrl: string): boolean {
  return new URL(adminUrl).hostname.endsWith('.projects.oryapis.com');
}

function orySettings({ ory }: Settings, parts: Parts): OrySettings {
  const { attemptLife, returnUrl, webhookSecrets, ...rest } = ory;
  return {
    ...rest,
    attemptMs: attemptLife,
    ...(returnUrl === undefined ? {} : { returnUrl }),
    webhookSecrets: (webhookSecrets ?? []).map((_name, index) =>
      parts.secretAt(`ory.webhookSecrets[${index}]`),
    ),
  };
}

function tlsSettings(tls: Settings['listeners']['public']['tls'], { configDir }: Parts): TlsSettings {
  if (tls.mode === 'self-signed') return { mode: 'self-signed' };
  return {
    mode: 'files',
    certificate: resolve(configDir, tls.certificate!),
    key: resolve(configDir, tls.key!),
  };
}

function trustOf(
  from: { ca?: string | undefined; fingerprint?: string | undefined },
  { configDir }: Parts,
): OutboundTrust {
  return present({
    caFile: from.ca === undefined ? undefined : resolve(configDir, from.ca),
    fingerprint: from.fingerprint,
  });
}

function textsOf(texts: OrganizationSettings['texts']): Organization['sms']['texts'] {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([kind, byLanguage]) => (byLanguage ? [[kind, present(byLanguage)]] : [])),
  );
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its `undefined` members. */
function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
