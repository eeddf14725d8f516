/** The environment's words for single settings: the vendors' names, kept. They win over the file. */
import { type Ledger, type Path, pathText } from './problems.js';
import type { NamedValues } from './secrets.js';

type Place = 'organization 1' | 'top';

interface EnvironmentName {
  readonly name: string;
  readonly place: Place;
  readonly path: Path;
  readonly number?: true;
}

const settingNames: readonly EnvironmentName[] = [
  { name: 'PORT', place: 'top', path: ['listeners', 'private', 'port'], number: true },
  { name: 'ONFIDO_REGION', place: 'organization 1', path: ['onfido', 'region'] },
  { name: 'ONFIDO_WORKFLOW_ID', place: 'organization 1', path: ['onfido', 'workflowId'] },
  { name: 'ONFIDO_API_BASE', place: 'organization 1', path: ['onfido', 'apiBase'] },
  { name: 'ONFIDO_SDK_URL', place: 'organization 1', path: ['onfido', 'sdkUrl'] },
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

/** Changes nothing it was given. Plain names belong to the organization with the id `1`. */
export function overlayEnvironment(fileData: unknown, named: NamedValues, ledger: Ledger): Overlaid {
  const data = structuredClone(fileData ?? {});
  const origins = new Map<string, string>();
  const warnings: string[] = [];
  if (!isTree(data)) return { data, origins, warnings };
  const probe = (name: string) => ledger.attempt('environment', name, () => named.find(name));
  const first = firstOrganization(data);
  for (const { name, place, path, number } of settingNames) {
    const found = probe(name);
    if (found === undefined) continue;
    if (place === 'organization 1' && first === undefined) {
      warnings.push(
        `${name} is set but not used: it belongs to organization 1, and there is none with that id`,
      );
      continue;
    }
    const whole: Path = place === 'top' ? path : ['organizations', first!, ...path];
    const value = number && /^\d{1,6}$/.test(found.value) ? Number(found.value) : found.value;
    if (put(data, whole, value)) origins.set(pathText(whole), found.origin);
  }
  nameUsualSecrets(data, first, name => probe(name) !== undefined);
  return { data, origins, warnings };
}

/** Where the file names no secret, the vendors' usual names are meant: for organization 1, and for Kratos. */
function nameUsualSecrets(data: Tree, first: number | undefined, isSet: (name: string) => boolean): void {
  const lay = (path: Path, value: unknown) => {
    if (at(data, path) === undefined) put(data, path, value);
  };
  if (first !== undefined) {
    const onfido: Path = ['organizations', first, 'onfido'];
    lay([...onfido, 'apiToken'], { secret: 'ONFIDO_API_TOKEN' });
    if (at(data, [...onfido, 'webhookTokens']) === undefined && isSet('ONFIDO_WEBHOOK_TOKEN'))
      lay([...onfido, 'webhookTokens'], [{ secret: 'ONFIDO_WEBHOOK_TOKEN' }]);
  }
  if (isTree(data.kratos) && at(data, ['kratos', 'apiKey']) === undefined && isSet('ORY_API_KEY'))
    lay(['kratos', 'apiKey'], { secret: 'ORY_API_KEY' });
}

function firstOrganization(data: Tree): number | undefined {
  const { organizations } = data;
  if (!Array.isArray(organizations)) return undefined;
  const index = organizations.findIndex(entry => isTree(entry) && String(entry.id) === '1');
  return index < 0 ? undefined : index;
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
