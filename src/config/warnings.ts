/** What works but is probably not meant; said once at start. */
import type { Config, JumioSettings, OnfidoSettings, Organization, PersonaSettings } from './config.js';
import type { NamedValues } from './secrets.js';
import { isLoopback } from './values.js';

type Unwarned = Omit<Config, 'warnings'>;

/** Every warning the configuration deserves, in the order an operator would mend them. */
export function findWarnings(config: Unwarned, named: NamedValues): string[] {
  return [
    ...reachability(config),
    ...config.organizations.flatMap(organization => [...organizationWarnings(organization, config)]),
    ...oryWarnings(config),
    ...idleNames(config, named),
  ];
}

function* reachability({
  hostname,
  front,
  publicListener,
  privateListener,
  urls,
}: Unwarned): Generator<string> {
  const site = new URL(urls.site);
  if (hostname === 'localhost')
    yield 'the host name is localhost: providers and customers cannot reach it; write the public name into config/hostname or, where the environment alone is the configuration, set GATEHOUSE_HOSTNAME instead';
  if (site.port !== '')
    yield "site.publicUrl has a port: the provider's Web SDK then usually fails with 401; serve the site on 443, or set onfido.referrer and test it";
  if (site.protocol !== 'https:') yield 'site.publicUrl is not https: phones give no camera to such a page';
  if (front === 'direct' && publicListener.tls.mode === 'self-signed')
    yield 'front is direct and the certificate self-signed: providers and phones will refuse it; set listeners.public.tls to files, or front to nginx or cloudflared';
  if (front === 'direct' && site.hostname === hostname && portOf(site) !== publicListener.port)
    yield `customers' links lead to port ${portOf(site)}, but the public listener has ${publicListener.port}: forward the one to the other, or write listeners.public.port: ${portOf(site)}`;
  for (const [name, { port }] of [
    ['public', publicListener],
    ['private', privateListener],
  ] as const)
    if (port === 0) yield `listeners.${name}.port is 0: the port changes with every start`;
  for (const [key, url] of [
    ['webhook.onfido', urls.webhook],
    ['webhook.verificationSite', urls.submit],
  ] as const)
    if (new URL(url).hostname !== hostname)
      yield `${key} in config/onfido names another machine than config/hostname`;
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

function* organizationWarnings(organization: Organization, { kratos }: Unwarned): Generator<string> {
  const who = `organization ${organization.id}`;
  const { provider, verificationSite } = organization;
  if (organization.sandbox) yield `${who} takes sandbox checks for real ones (sandbox: true)`;
  if (provider.provider === 'onfido') yield* onfidoWarnings(who, organization.sandbox, provider);
  if (provider.provider === 'jumio') yield* jumioWarnings(who, provider);
  if (provider.provider === 'persona') yield* personaWarnings(who, organization.sandbox, provider);
  for (const family of ['document', 'facial'])
    if (!organization.expectedReports.some(name => name.startsWith(family)))
      yield `${who} does not expect a ${family} report: customers become CLEAR without one`;
  if (verificationSite.kind === 'external') {
    yield `${who} sends customers and their provider tokens to an external verification site, which checks nobody's identity when told of them`;
    if (isLoopback(new URL(verificationSite.url).hostname))
      yield `${who}: the external verification site is on this machine's loopback, which no phone reaches`;
  }
  if (!organization.mirror && kratos !== undefined)
    yield `${who} does not copy results to Kratos (mirror: false)`;
}

function* onfidoWarnings(who: string, sandbox: boolean, provider: OnfidoSettings): Generator<string> {
  const sandboxToken = provider.apiToken.startsWith('api_sandbox');
  if (sandbox && !sandboxToken && provider.apiToken.startsWith('api_live'))
    yield `${who} has sandbox: true but a live Onfido token`;
  if (sandboxToken && !sandbox)
    yield `${who} has an Onfido sandbox token but not sandbox: true: each check will end as UNKNOWN`;
  if (provider.trustApproved && provider.mode === 'studio')
    yield `${who} trusts Studio's "approved" without reading the reports (onfido.trustApproved)`;
}

function* jumioWarnings(who: string, { publicUrl }: JumioSettings): Generator<string> {
  if (publicUrl === undefined)
    yield `${who}: Jumio takes only https URLs with a name and without a port, which site.publicUrl is not: it is told none, results are found by asking, and customers do not come back by themselves; set jumio.publicUrl`;
}

function* personaWarnings(who: string, sandbox: boolean, provider: PersonaSettings): Generator<string> {
  const sandboxKey = provider.apiKey.startsWith('persona_sandbox');
  if (sandbox && provider.apiKey.startsWith('persona_production'))
    yield `${who} has sandbox: true but a production key of Persona`;
  if (sandboxKey && !sandbox)
    yield `${who} has a Persona sandbox key but not sandbox: true: each check will end as UNKNOWN`;
  if (provider.webhookTokens.length === 0)
    yield `${who} has no secret of Persona's webhook (PERSONA_WEBHOOK_SECRET): its deliveries are refused, and results are found by asking only`;
  if (provider.trustApproved)
    yield `${who} trusts Persona's "approved" without reading every expected verification (persona.trustApproved)`;
  if (provider.approveCompleted)
    yield `${who} takes Persona's "completed" for approved (persona.approveCompleted): only for templates without a decision of their own`;
}

const shortestSecret = 16;

function* oryWarnings({ ory, kratos, organizations, publicListener }: Unwarned): Generator<string> {
  const serves = organizations.some(organization => organization.ory);
  if (!serves) {
    if (ory.webhookSecrets.length > 0)
      yield 'ORY_WEBHOOK_SECRET is set, but no organization has ory: true: there are no Ory hooks';
    return;
  }
  if (ory.webhookSecrets.length === 0) {
    yield 'an organization has ory: true, but ORY_WEBHOOK_SECRET is missing: initiate, validate and session do not exist';
    return;
  }
  if (ory.webhookSecrets.some(secret => secret.length < shortestSecret))
    yield `ORY_WEBHOOK_SECRET is shorter than ${shortestSecret} characters: whoever guesses it decides who may log in`;
  if (kratos === undefined)
    yield 'there is no kratos.adminUrl (KRATOS_ADMIN_URL): no status is written to Kratos';
  if (kratos?.publicUrl === undefined)
    yield 'there is no kratos.publicUrl (KRATOS_PUBLIC_URL): the session routes do not exist';
  else if (ory.origins.length === 0)
    yield 'ory.origins is empty: sessions are given to apps with a session token only, to no page';
  if (ory.hooks === 'public' && publicListener.tls.mode === 'self-signed')
    yield 'ory.hooks is public and the certificate self-signed: Kratos refuses it unless nginx or a tunnel stands in front';
}

/** Names that are set but that nothing in the configuration uses: mostly a forgotten line. */
function* idleNames({ sms, kratos }: Unwarned, named: NamedValues): Generator<string> {
  if (sms.vendor === 'console' && isSet(named, 'TWILIO_ACCOUNT_SID') && isSet(named, 'TWILIO_AUTH_TOKEN'))
    yield 'Twilio is set up in the environment, but sms.vendor is console: SMS are printed, not sent';
  if (kratos === undefined && isSet(named, 'ORY_API_KEY'))
    yield 'ORY_API_KEY is set but not used: there is no kratos.adminUrl';
}

function isSet(named: NamedValues, name: string): boolean {
  try {
    return named.find(name) !== undefined;
  } catch {
    // it is there, in whatever shape; the warning is about nothing using it
    return true;
  }
}
