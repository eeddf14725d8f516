/** The rules that span several keys or need the machine. Each is one function; `findRuleBreaks` asks them all. */
import { relative, resolve, sep } from 'node:path';
import { organizationRules } from './organization-rules.js';
import type { Path } from './problems.js';
import type { Finding } from './read-settings.js';
import type { Settings } from './schema.js';
import { isLoopback } from './values.js';

/** What the rules know beside the settings. */
export interface Facts {
  readonly configDir: string;
  readonly dataDir: string;
  /** whether a path (relative ones from the configuration folder) is a readable file */
  readonly isFile: (path: string) => boolean;
}

/** One rule. Silent when its keys are in order. */
export type Rule = (settings: Settings, facts: Facts) => Iterable<Finding>;

type TlsSection = Settings['listeners']['public']['tls'];

function* tlsRule(path: Path, tls: TlsSection, facts: Facts): Generator<Finding> {
  for (const key of ['certificate', 'key'] as const) {
    const file = tls[key];
    if (tls.mode === 'self-signed' && file !== undefined)
      yield {
        path: [...path, key],
        problem: 'is given, but mode is self-signed',
        remedy: 'write mode: files, or remove the line',
      };
    if (tls.mode === 'files' && file === undefined)
      yield {
        path: [...path, key],
        problem: 'is missing, but mode is files',
        remedy: `write ${key}: and the path of the PEM file`,
      };
    if (tls.mode === 'files' && file !== undefined) yield* fileRule([...path, key], file, facts);
  }
}

function* fileRule(path: Path, file: string, facts: Facts): Generator<Finding> {
  if (facts.isFile(file)) return;
  yield {
    path,
    problem: 'names a file that is not there or cannot be read',
    remedy: 'write the path of an existing file, absolute or from the configuration folder',
  };
}

const listeners: Rule = function* ({ listeners: { public: outer, private: inner } }, facts) {
  yield* tlsRule(['listeners', 'public', 'tls'], outer.tls, facts);
  if (inner.tls) yield* tlsRule(['listeners', 'private', 'tls'], inner.tls, facts);
  if (!isLoopback(inner.host) && !inner.tls)
    yield {
      path: ['listeners', 'private', 'host'],
      problem: 'is reachable from other machines without TLS',
      remedy: 'write 127.0.0.1, or add listeners.private.tls',
    };
  const everywhere = ['0.0.0.0', '::'];
  const overlap =
    outer.host === inner.host || everywhere.includes(outer.host) || everywhere.includes(inner.host);
  if (outer.port !== 0 && outer.port === inner.port && overlap)
    yield {
      path: ['listeners', 'private', 'port'],
      problem: `is ${inner.port}, as for the public listener`,
      remedy: 'give each listener its own port',
    };
};

const files: Rule = function* (settings, facts) {
  if (settings.kratos?.ca) yield* fileRule(['kratos', 'ca'], settings.kratos.ca, facts);
  for (const [index, { provider, [provider]: vendor, policy }] of settings.organizations.entries()) {
    if (vendor.ca) yield* fileRule(['organizations', index, provider, 'ca'], vendor.ca, facts);
    if (policy.module) yield* fileRule(['organizations', index, 'policy', 'module'], policy.module, facts);
  }
};

const folders: Rule = function* (_settings, { configDir, dataDir }) {
  const inside = (inner: string, outer: string) => !relative(outer, inner).split(sep).includes('..');
  if (inside(resolve(dataDir), resolve(configDir)) || inside(resolve(configDir), resolve(dataDir)))
    yield {
      path: ['GATEHOUSE_DATA_DIR'],
      problem: 'and the configuration folder lie one inside the other',
      remedy: 'set GATEHOUSE_DATA_DIR to a folder of its own, such as /var/lib/gatehouse',
    };
};

const sms: Rule = function* ({ sms: { vendor, twilio } }) {
  if (vendor !== 'twilio') return;
  if (twilio.accountSid === undefined)
    yield {
      path: ['sms', 'twilio', 'accountSid'],
      problem: 'is missing, but sms.vendor is twilio',
      remedy: 'write it, or set TWILIO_ACCOUNT_SID',
    };
  if (twilio.from === undefined)
    yield {
      path: ['sms', 'twilio', 'from'],
      problem: 'is missing, but sms.vendor is twilio',
      remedy: 'write the sending number or messaging service id in quotes, or set TWILIO_FROM',
    };
};

const kratos: Rule = function* ({ kratos: section }) {
  if (section !== undefined && section.adminUrl === undefined)
    yield {
      path: ['kratos', 'adminUrl'],
      problem: 'is missing',
      remedy: 'write the URL of the admin API, set KRATOS_ADMIN_URL, or remove the section kratos',
    };
};

const ory: Rule = function* ({ ory: { hooks, hookAddresses }, organizations: all }) {
  if (hookAddresses.length > 0 && hooks === 'private')
    yield {
      path: ['ory', 'hookAddresses'],
      problem: 'is given, but the hooks are on the private listener only',
      remedy: 'write hooks: public, or remove the line',
    };
  const first = new Map<string, number>();
  for (const [index, { ory: serves, provider }] of all.entries()) {
    const other = first.get(provider);
    if (serves && other !== undefined)
      yield {
        path: ['organizations', index, 'ory'],
        problem: `is true for organizations[${other}] too, which has the same provider`,
        remedy: 'keep ory: true for one of them: the hooks name only the provider',
      };
    else if (serves) first.set(provider, index);
  }
};

/** A vendor's client sends credentials: they go to the vendor's own domain unless the operator insists. */
const officialHosts: Rule = function* (settings) {
  if (settings.allowUnofficialHosts) return;
  const bases: [Path, string | undefined, string][] = [
    [['sms', 'twilio', 'apiBase'], settings.sms.twilio.apiBase, 'twilio.com'],
    ...settings.organizations.flatMap(
      ({ onfido, jumio, persona }, index): [Path, string | undefined, string][] => [
        [['organizations', index, 'onfido', 'apiBase'], onfido.apiBase, 'onfido.com'],
        [['organizations', index, 'onfido', 'sdkUrl'], onfido.sdkUrl, 'onfido.com'],
        [['organizations', index, 'jumio', 'apiBase'], jumio.apiBase, 'jumio.ai'],
        [['organizations', index, 'jumio', 'authUrl'], jumio.authUrl, 'jumio.ai'],
        [['organizations', index, 'persona', 'apiBase'], persona.apiBase, 'withpersona.com'],
      ],
    ),
  ];
  for (const [path, base, domain] of bases) {
    if (base === undefined || new URL(base).hostname.endsWith(`.${domain}`)) continue;
    yield {
      path,
      problem: `is outside ${domain}`,
      remedy: 'remove it, or write allowUnofficialHosts: true if credentials and customers may go there',
    };
  }
};

const organizations: Rule = function* (settings) {
  if (settings.organizations.length === 0)
    yield {
      path: ['organizations'],
      problem: 'has no entry',
      remedy: 'write at least one organization, as in config/gatehouse.example.yaml',
    };
  const seen = new Map<string, number>();
  for (const [index, organization] of settings.organizations.entries()) {
    const first = organization.id === undefined ? undefined : seen.get(organization.id);
    if (first !== undefined)
      yield {
        path: ['organizations', index, 'id'],
        problem: `is the id of organizations[${first}] too`,
        remedy: 'give each organization its own id',
      };
    else if (organization.id !== undefined) seen.set(organization.id, index);
    for (const finding of organizationRules(organization, settings))
      yield { ...finding, path: ['organizations', index, ...finding.path] };
  }
};

const rules: readonly Rule[] = [listeners, folders, files, sms, kratos, ory, officialHosts, organizations];

/** Asks every rule. */
export function findRuleBreaks(settings: Settings, facts: Facts): Finding[] {
  return rules.flatMap(rule => [...rule(settings, facts)]);
}
