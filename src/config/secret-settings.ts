/** Which secrets the settings need, and their values. */
import { type Ledger, type Path, pathText, Refusal } from './problems.js';
import type { Settings } from './schema.js';
import { type FoundValue, type NamedValues, placesOf } from './secrets.js';

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

function* wantedSecrets({ organizations, sms, kratos }: Settings): Generator<[Path, string]> {
  if (sms.vendor === 'twilio') yield [['sms', 'twilio', 'authToken'], sms.twilio.authToken.secret];
  if (kratos?.apiKey) yield [['kratos', 'apiKey'], kratos.apiKey.secret];
  for (const [index, { onfido }] of organizations.entries()) {
    const path: Path = ['organizations', index, 'onfido'];
    if (onfido.apiToken) yield [[...path, 'apiToken'], onfido.apiToken.secret];
    for (const [at, { secret }] of (onfido.webhookTokens ?? []).entries())
      yield [[...path, 'webhookTokens', at], secret];
  }
}
