import { overlayEnvironment } from './environment.js';
import {
  contentOf,
  type Folders,
  isReadableFile,
  ownFilesIn,
  type Surroundings,
  settingsFileOf,
} from './folders.js';
import { listed } from './nearest.js';
import { hostnameVariable, providerKeys, settingsOfEnvironment } from './ory-environment.js';
import { ConfigError, type Ledger, type Path, type Problem, pathText } from './problems.js';
import { type Finding, readSettings } from './read-settings.js';
import { findRuleBreaks } from './rules.js';
import type { Settings } from './schema.js';
import type { NamedValues } from './secrets.js';
import { parseYamlFile, type YamlFile } from './yaml-file.js';

/** The settings in force before secrets are filled in, and where each was written. */
export interface SettingsInForce {
  /** `undefined` when nothing could be made of the file; the ledger then says why */
  readonly settings: Settings | undefined;
  readonly warnings: readonly string[];
  /** the line a problem at this path is shown with */
  readonly sourceOf: (path: Path) => string;
  /** where the value was written, `undefined` for a default */
  readonly writtenAt: (path: Path) => string | undefined;
  /** there is no file: the environment of an Ory setup is all there is */
  readonly byEnvironment?: true;
}

/** Reads `gatehouse.yaml`, lays the environment over it, and asks schema and rules. */
export function settingsInForce(
  surroundings: Surroundings,
  folders: Folders,
  named: NamedValues,
  ledger: Ledger,
): SettingsInForce {
  const path = settingsFileOf(folders.configDir);
  const name = folders.shown(path);
  const text = ledger.attempt(name, '', () => contentOf(path));
  if (text === undefined && ledger.problems.length === 0) {
    const stands = ledger.attempt('environment', 'ORY_WEBHOOK_SECRET', () =>
      isOryEnvironment(surroundings, named),
    );
    if (stands === undefined) throw new ConfigError(ledger.problems);
    const beside = ownFilesIn(folders.configDir);
    if (!stands || beside.length > 0) throw new ConfigError([absent(name, beside)]);
    return fromEnvironment(folders, named, ledger);
  }
  const file = parseYamlFile(text ?? '');
  if ('faults' in file) {
    for (const { line, problem, remedy } of file.faults)
      ledger.problems.push({ source: `${name}:${line}`, key: '', problem, remedy });
    return { settings: undefined, warnings: [], sourceOf: () => name, writtenAt: () => undefined };
  }
  return judged(file, name, folders, named, ledger);
}

/** Whether the Ory setups' environment stands for the missing settings file. */
function isOryEnvironment({ env }: Surroundings, named: NamedValues): boolean {
  return !env.GATEHOUSE_CONFIG_DIR && named.find('ORY_WEBHOOK_SECRET') !== undefined;
}

/** What to do when there is no settings file. A folder with others is meant to have one, so no environment stands for it. */
function absent(name: string, beside: readonly string[]): Problem {
  const remedy = 'run `npx gatehouse init`, or set GATEHOUSE_CONFIG_DIR to the folder that has it';
  if (beside.length === 0) return { source: name, key: '', problem: 'is missing', remedy };
  return {
    source: name,
    key: '',
    problem: `is missing, but its folder has ${listed(beside, 'and')}`,
    remedy: `${remedy}; for an Ory setup by the environment alone take those files away (${hostnameVariable} names the box)`,
  };
}

function fromEnvironment(folders: Folders, named: NamedValues, ledger: Ledger): SettingsInForce {
  const data = settingsOfEnvironment(name => ledger.attempt('environment', name, () => named.find(name)));
  if (data.organizations.length === 0)
    throw new ConfigError([
      {
        source: 'environment',
        key: 'ORY_WEBHOOK_SECRET',
        problem: 'is set, but no provider’s key is, and there is no settings file',
        remedy: `set ${listed(providerKeys, 'or')}, or run \`npx gatehouse init\``,
      },
    ]);
  const file = { data, lineOf: () => undefined, has: () => false };
  return { ...judged(file, 'environment', folders, named, ledger), byEnvironment: true };
}

function judged(
  file: YamlFile,
  name: string,
  folders: Folders,
  named: NamedValues,
  ledger: Ledger,
): SettingsInForce {
  const overlaid = overlayEnvironment(file.data, named, ledger);
  const lineSource = (path: Path) => {
    const line = file.lineOf(path);
    return line === undefined ? name : `${name}:${line}`;
  };
  const sourceOf = (path: Path) =>
    path[0] === 'GATEHOUSE_DATA_DIR'
      ? 'environment'
      : (overlaid.origins.get(pathText(path)) ?? lineSource(path));
  const { settings, findings } = readSettings(overlaid.data);
  const { configDir, dataDir } = folders;
  const facts = { configDir, dataDir, isFile: (path: string) => isReadableFile(configDir, path) };
  const broken = settings === undefined ? [] : findRuleBreaks(settings, facts);
  const all = [...findings, ...broken.filter(({ path }) => !touches(path, findings))];
  all.sort((a, b) => (file.lineOf(a.path) ?? 0) - (file.lineOf(b.path) ?? 0));
  for (const { path, keyText, problem, remedy } of all) {
    const key = keyText === undefined ? pathText(path) : `${pathText(path.slice(0, -1))} ${keyText}`.trim();
    ledger.problems.push({ source: sourceOf(path), key, problem, remedy });
  }
  return {
    settings,
    warnings: overlaid.warnings,
    sourceOf,
    writtenAt: path =>
      overlaid.origins.get(pathText(path)) ?? (file.has(path) ? lineSource(path) : undefined),
  };
}

/** A rule about a key that was already found wrong, or lies inside one, would only repeat or mislead. */
function touches(path: Path, findings: readonly Finding[]): boolean {
  const text = comparable(path);
  return findings.some(finding =>
    [finding.path, finding.meant ?? finding.path]
      .map(comparable)
      .some(wrong => text.startsWith(wrong) || wrong.startsWith(text)),
  );
}

function comparable(path: Path): string {
  return `${path.join('/')}/`;
}
