/** Which secrets the settings need, and their values. */
import { type Ledger, type Path, pathText, Refusal } from './problems.js';
import type { OrganizationSettings, Settings } from './schema.js';
import { type FoundValue, type NamedValues, placesOf } from './secrets.js';
import type { SecretName } from './values.js';

/** Values by the path that names them, e.g. `organizations[0].onfido.apiToken`. */
export type SecretValues = ReadonlyMap<string, FoundValue>;

/** Finds each secret that will be used; the missing ones are noted with the three places they could be in. */
export function readSecrets(
  settings: Settings,
  named: NamedValues,
  sourceOf: (path: Path) => string,
  ledger: Ledger,
): SecretValues {
  const values = new Map<string, FoundValue>();
  for (const [path, name] of wantedSecrets(settings)) {
    const key = pathText(path);
    const value = ledger.attempt(sourceOf(path), key, () => required(name, named));
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

function required(name: string, named: NamedValues): FoundValue {
  const found = named.find(name);
  if (found === undefined) throw new Refusal(`needs the secret ${name}, which is missing`, placesOf(name));
  return found;
}

function* wantedSecrets({ organizations, sms, kratos, ory }: Settings): Generator<[Path, string]> {
  if (sms.vendor === 'twilio') yield [['sms', 'twilio', 'authToken'], sms.twilio.authToken.secret];
  if (kratos?.apiKey) yield [['kratos', 'apiKey'], kratos.apiKey.secret];
  for (const [at, { secret }] of (ory.webhookSecrets ?? []).entries())
    yield [['ory', 'webhookSecrets', at], secret];
  for (const [index, organization] of organizations.entries())
    for (const [key, { secret }] of wantedOfProvider[organization.provider](organization))
      yield [['organizations', index, organization.provider, ...key], secret];
}

/** Of an organization's sections only its own provider's counts. Paths begin below that section. */
const wantedOfProvider: Readonly<
  Record<
    OrganizationSettings['provider'],
    (organization: OrganizationSettings) => Generator<[Path, SecretName]>
  >
> = {
  *onfido({ onfido: { apiToken, webhookTokens = [] } }) {
    if (apiToken) yield [['apiToken'], apiToken];
    for (const [at, name] of webhookTokens.entries()) yield [['webhookTokens', at], name];
  },
  *jumio({ jumio: { clientId, clientSecret, callbackSecrets = [] } }) {
    if (clientId) yield [['clientId'], clientId];
    if (clientSecret) yield [['clientSecret'], clientSecret];
    for (const [at, name] of callbackSecrets.entries()) yield [['callbackSecrets', at], name];
  },
  *persona({ persona: { apiKey, webhookSecrets = [] } }) {
    if (apiKey) yield [['apiKey'], apiKey];
    for (const [at, name] of webhookSecrets.entries()) yield [['webhookSecrets', at], name];
  },
};
