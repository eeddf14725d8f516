/** What is in force and where it came from, for `gatehouse config`. No secret gets in here, not even a part of one. */
import type { Config } from './config.js';
import { type Path, pathText } from './problems.js';
import { formatDuration, formatSize } from './quantities.js';
import { type Settings, settingsProviders, settingsSchema } from './schema.js';
import { allKeys, kindAt, schemaAt } from './schema-keys.js';
import type { SecretValues } from './secret-settings.js';

/** One value in force. */
export interface ValueInForce {
  /** as in the file, e.g. `organizations[0].onfido.region` */
  readonly key: string;
  /** readable; a secret's is `set, 38 characters` */
  readonly value: string;
  readonly secret: boolean;
  /** `default`, `config/gatehouse.yaml:12`, `environment PORT`, `follows from …` */
  readonly origin: string;
}

/** What the explanation needs to know about where things came from. */
export interface Sources {
  /** where the value at a path was written, `undefined` for a default */
  readonly writtenAt: (path: Path) => string | undefined;
  readonly secrets: SecretValues;
  readonly around: readonly ValueInForce[];
}

/** How a secret is shown. */
export function masked(length: number): string {
  return `set, ${length} characters`;
}

/** Every value, in the order of the example file; secrets masked. */
export function valuesInForce(
  settings: Settings,
  config: Omit<Config, 'warnings'>,
  sources: Sources,
): ValueInForce[] {
  const paths = allKeys(settingsSchema)
    .filter(key => !key.startsWith('organizations'))
    .map((key): Path => key.split('.'));
  const perOrganization = allKeys(settingsSchema)
    .filter(key => key.startsWith('organizations[].'))
    .map((key): Path => key.slice('organizations[].'.length).split('.'));
  for (const [index, { provider }] of settings.organizations.entries()) {
    const idle = settingsProviders.filter(other => other !== provider);
    const used = perOrganization.filter(([section]) => !idle.some(other => other === section));
    paths.push(...used.map((path): Path => ['organizations', index, ...path]));
  }
  const unused = settings.sms.vendor === 'console' ? 'sms.twilio' : '-';
  const rows = paths
    .filter(path => !path.join('.').startsWith(unused))
    .flatMap(path => rowsAt(path, settings, config, sources));
  return [...sources.around, ...rows];
}

function rowsAt(
  path: Path,
  settings: Settings,
  config: Omit<Config, 'warnings'>,
  sources: Sources,
): ValueInForce[] {
  const key = pathText(path);
  const secrets = [...sources.secrets].filter(([at]) => at === key || at.startsWith(`${key}[`));
  if (secrets.length > 0)
    return secrets.map(([at, secret]) => ({
      key: at,
      value: masked(secret.value.length),
      secret: true,
      origin: secret.origin,
    }));
  if (schemaAt(settingsSchema, path) === undefined || kindAt(settingsSchema, path) === 'section') return [];
  const value = path.reduce<unknown>(
    (node, step) => (node as Record<string, unknown> | undefined)?.[step],
    settings,
  );
  if (value === undefined) return followed(path, key, config);
  return [{ key, value: shown(path, value), secret: false, origin: sources.writtenAt(path) ?? 'default' }];
}

/** Values nobody wrote that are worked out from others. */
function followed(path: Path, key: string, config: Omit<Config, 'warnings'>): ValueInForce[] {
  const row = (value: string, from: string) => [
    { key, value, secret: false, origin: `follows from ${from}` },
  ];
  if (key === 'site.publicUrl') return row(config.urls.site, 'hostname');
  if (key === 'kratos.publicUrl' && config.kratos?.publicUrl !== undefined)
    return row(config.kratos.publicUrl, 'kratos.adminUrl');
  const organization = path[0] === 'organizations' ? config.organizations[Number(path[1])] : undefined;
  if (organization === undefined) return [];
  const { provider } = organization;
  switch (path.slice(2).join('.')) {
    case 'onfido.apiBase':
      return provider.provider === 'onfido' ? row(provider.apiBase, 'region') : [];
    case 'jumio.authUrl':
      return provider.provider === 'jumio' ? row(provider.authUrl, 'apiBase') : [];
    case 'jumio.publicUrl':
      return provider.provider === 'jumio' ? row(provider.publicUrl ?? 'none', 'site.publicUrl') : [];
    case 'onfido.referrer':
      return row(`${config.urls.site}/*`, 'site.publicUrl');
    case 'mirror':
      return row(String(organization.mirror), 'kratos');
    default:
      return [];
  }
}

function shown(path: Path, value: unknown): string {
  const last = String(path.at(-1));
  if (typeof value === 'number' && (path[0] === 'times' || /(?:Time|Life)$/.test(last)))
    return formatDuration(value);
  if (typeof value === 'number' && last.endsWith('Size')) return formatSize(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  // texts may have line breaks, which a table has no room for
  return String(value).replaceAll(/\p{Cc}+/gu, ' ');
}
