/** The environment's words for single settings: the vendors' names, kept. They win over the file. */
import { type Ledger, type Path, pathText } from './problems.js';
import type { NamedValues } from './secrets.js';

type Vendor = 'onfido' | 'jumio' | 'persona';
type Place = Vendor | 'top';

interface EnvironmentName {
  readonly name: string;
  readonly place: Place;
  readonly path: Path;
  readonly number?: true;
}

const settingNames: readonly EnvironmentName[] = [
  { name: 'PORT', place: 'top', path: ['listeners', 'private', 'port'], number: true },
  { name: 'ONFIDO_REGION', place: 'onfido', path: ['onfido', 'region'] },
  { name: 'ONFIDO_WORKFLOW_ID', place: 'onfido', path: ['onfido', 'workflowId'] },
  { name: 'ONFIDO_API_BASE', place: 'onfido', path: ['onfido', 'apiBase'] },
  { name: 'ONFIDO_SDK_URL', place: 'onfido', path: ['onfido', 'sdkUrl'] },
  { name: 'JUMIO_AUTH_URL', place: 'jumio', path: ['jumio', 'authUrl'] },
  { name: 'JUMIO_API_BASE_URL', place: 'jumio', path: ['jumio', 'apiBase'] },
  { name: 'JUMIO_WORKFLOW_KEY', place: 'jumio', path: ['jumio', 'workflowKey'] },
  { name: 'PERSONA_TEMPLATE_ID', place: 'persona', path: ['persona', 'templateId'] },
  { name: 'PERSONA_INQUIRY_TYPE', place: 'persona', path: ['persona', 'inquiryType'] },
  { name: 'PERSONA_API_BASE', place: 'persona', path: ['persona', 'apiBase'] },
  { name: 'TWILIO_ACCOUNT_SID', place: 'top', path: ['sms', 'twilio', 'accountSid'] },
  { name: 'TWILIO_FROM', place: 'top', path: ['sms', 'twilio', 'from'] },
  { name: 'TWILIO_API_BASE', place: 'top', path: ['sms', 'twilio', 'apiBase'] },
  { name: 'KRATOS_ADMIN_URL', place: 'top', path: ['kratos', 'adminUrl'] },
  { name: 'KRATOS_PUBLIC_URL', place: 'top', path: ['kratos', 'publicUrl'] },
];

/** The file's data with the environment's values laid over it. */
export interface Overlaid {
  readonly data: unknown;
  /** path → `environment ONFIDO_REGION` */
  readonly origins: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

type Tree = Record<string, unknown>;

/** Changes nothing it was given. Plain names belong to the organization {@link homeOf} finds. */
export function overlayEnvironment(fileData: unknown, named: NamedValues, ledger: Ledger): Overlaid {
  const data = structuredClone(fileData ?? {});
  const origins = new Map<string, string>();
  const warnings: string[] = [];
  if (!isTree(data)) return { data, origins, warnings };
  const probe = (name: string) => ledger.attempt('environment', name, () => named.find(name));
  for (const { name, place, path, number } of settingNames) {
    const found = probe(name);
    if (found === undefined) continue;
    const home = place === 'top' ? undefined : homeOf(data, place);
    if (place !== 'top' && home === undefined) {
      warnings.push(`${name} is set but not used: ${homeless[place]}`);
      continue;
    }
    const whole: Path = home === undefined ? path : ['organizations', home, ...path];
    const value = number && /^\d{1,6}$/.test(found.value) ? Number(found.value) : found.value;
    if (put(data, whole, value)) origins.set(pathText(whole), found.origin);
  }
  nameUsualSecrets(data, name => probe(name) !== undefined);
  return { data, origins, warnings };
}

/** The secrets without which a vendor cannot be spoken to, and the list of those that are optional. */
const usualSecrets: Readonly<
  Record<Vendor, { needed: Readonly<Record<string, string>>; list: string; optional: string }>
> = {
  onfido: {
    needed: { apiToken: 'ONFIDO_API_TOKEN' },
    list: 'webhookTokens',
    optional: 'ONFIDO_WEBHOOK_TOKEN',
  },
  jumio: {
    needed: { clientId: 'JUMIO_CLIENT_ID', clientSecret: 'JUMIO_CLIENT_SECRET' },
    list: 'callbackSecrets',
    optional: 'JUMIO_CALLBACK_SECRET',
  },
  persona: {
    needed: { apiKey: 'PERSONA_API_KEY' },
    list: 'webhookSecrets',
    optional: 'PERSONA_WEBHOOK_SECRET',
  },
};

/** Where the file names no secret, the vendors' usual names are meant. */
function nameUsualSecrets(data: Tree, isSet: (name: string) => boolean): void {
  const lay = (path: Path, value: unknown) => {
    if (at(data, path) === undefined) put(data, path, value);
  };
  for (const vendor of Object.keys(usualSecrets) as Vendor[]) {
    const home = homeOf(data, vendor);
    if (home === undefined) continue;
    const path: Path = ['organizations', home, vendor];
    const { needed, list, optional } = usualSecrets[vendor];
    for (const [key, secret] of Object.entries(needed)) lay([...path, key], { secret });
    if (at(data, [...path, list]) === undefined && isSet(optional))
      put(data, [...path, list], [{ secret: optional }]);
  }
  const hookSecrets = ['ORY_WEBHOOK_SECRET', 'ORY_WEBHOOK_SECRET_PREVIOUS'].filter(isSet);
  if (hookSecrets.length > 0)
    lay(
      ['ory', 'webhookSecrets'],
      hookSecrets.map(secret => ({ secret })),
    );
  if (isTree(data.kratos) && at(data, ['kratos', 'apiKey']) === undefined && isSet('ORY_API_KEY'))
    lay(['kratos', 'apiKey'], { secret: 'ORY_API_KEY' });
}

const homeless: Readonly<Record<Vendor, string>> = {
  onfido: 'it belongs to organization 1, and there is none with that id that has provider: onfido',
  jumio: 'there is no organization with provider: jumio',
  persona: 'there is no organization with provider: persona',
};

/**
 * Whose a vendor's plain names are: organization `1`'s if that is its provider; for vendors other than Onfido otherwise
 * the first organization's that has it. So a box with one organization for each vendor needs no names of its own.
 */
function homeOf(data: Tree, vendor: Vendor): number | undefined {
  const { organizations } = data;
  if (!Array.isArray(organizations)) return undefined;
  const has = (entry: unknown) => isTree(entry) && (entry.provider ?? 'onfido') === vendor;
  const first = organizations.findIndex(entry => has(entry) && String((entry as Tree).id) === '1');
  if (first >= 0) return first;
  const any = vendor === 'onfido' ? -1 : organizations.findIndex(has);
  return any < 0 ? undefined : any;
}

/** Makes missing sections on the way; gives up where the file has something else in their place. */
function put(root: Tree, path: Path, value: unknown): boolean {
  let node: unknown = root;
  for (const step of path.slice(0, -1)) {
    const holder = node as Tree;
    if (holder[step] === undefined || holder[step] === null) holder[step] = {};
    node = holder[step];
    if (typeof node !== 'object' || node === null) return false;
  }
  (node as Tree)[path.at(-1)!] = value;
  return true;
}

function at(root: Tree, path: Path): unknown {
  return path.reduce<unknown>((node, step) => (node as Tree | undefined | null)?.[step], root);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
