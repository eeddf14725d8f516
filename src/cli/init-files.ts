/** What `gatehouse init` writes, made from the commented example so that the two never differ. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isNode, parseDocument } from 'yaml';
import type { Path } from '../config/problems.js';

const example = new URL('../../../config/gatehouse.example.yaml', import.meta.url);

/** What is decided before anything is written. */
export interface Answers {
  readonly hostname: string;
  readonly organization: string;
  readonly name: string;
  readonly countries: readonly string[];
  readonly provider: 'onfido';
  readonly region: 'EU' | 'US' | 'CA';
  readonly language: string;
  readonly sms: 'console' | 'twilio';
  readonly front: 'direct' | 'nginx' | 'cloudflared';
}

/** A file to be written; `mode` as for chmod. */
export interface NewFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** The example with the answers in place of its values; comments and everything else stay as they are. */
export function settingsText(answers: Answers): string {
  const text = readFileSync(example, 'utf8');
  const first: Path = ['organizations', 0];
  return replaceValues(text, [
    [['front'], plain(answers.front)],
    [['sms', 'vendor'], plain(answers.sms)],
    [[...first, 'id'], plain(answers.organization)],
    [[...first, 'name'], plain(answers.name)],
    [[...first, 'countries'], `[${answers.countries.map(plain).join(', ')}]`],
    [[...first, 'language'], plain(answers.language)],
    [[...first, 'provider'], plain(answers.provider)],
    [[...first, 'onfido', 'apiToken', 'secret'], tokenName(answers)],
    [[...first, 'onfido', 'region'], plain(answers.region)],
  ]);
}

/** The name under which the provider's token is looked for: the vendor's own for organization 1. */
export function tokenName({ organization }: Answers): string {
  const suffix = organization.toUpperCase().replaceAll('-', '_');
  return organization === '1' ? 'ONFIDO_API_TOKEN' : `ONFIDO_API_TOKEN_${suffix}`;
}

/** The names whose values the operator has to bring. */
export function neededNames(answers: Answers): string[] {
  const twilio = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'];
  return [tokenName(answers), ...(answers.sms === 'twilio' ? twilio : [])];
}

/** A new master key as it is stored. */
export function newMasterKey(): string {
  return randomBytes(32).toString('base64');
}

/** The `.env` of a new installation. */
export function dotenvText(masterKey: string, names: readonly string[]): string {
  return [
    '# Secrets of this Gatehouse, read by `npm start`. Only its user may read this file.',
    '',
    '# Encrypts everything personal. Without it, all that was stored is lost: keep a copy somewhere else.',
    `GATEHOUSE_MASTER_KEY=${masterKey}`,
    '',
    '# To be filled in. .env.example lists all names.',
    ...names.map(name => `${name}=`),
    '',
  ].join('\n');
}

/** Those of the paths that exist already. */
export function filesInTheWay(paths: readonly string[]): string[] {
  return paths.filter(path => existsSync(path));
}

/** Writes all files or none; an existing one is never touched. Returns those in the way instead of writing. */
export function writeNewFiles(files: readonly NewFile[]): readonly string[] {
  const inTheWay = filesInTheWay(files.map(({ path }) => path));
  if (inTheWay.length > 0) return inTheWay;
  const written: string[] = [];
  try {
    for (const file of files) {
      mkdirSync(dirname(file.path), { recursive: true, mode: file.mode === 0o600 ? 0o700 : 0o755 });
      writeNewFile(file, () => written.push(file.path));
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
  return [];
}

/** `wx` refuses a file that came into being since it was looked for. */
function writeNewFile({ path, content, mode }: NewFile, onCreated: () => void): void {
  const file = openSync(path, 'wx', mode);
  onCreated();
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function replaceValues(text: string, values: readonly [Path, string][]): string {
  const document = parseDocument(text);
  const places = values.map(([path, value]) => {
    const node = document.getIn(path, true);
    if (!isNode(node) || !node.range) throw new Error(`the example lacks ${path.join('.')}`);
    return { start: node.range[0], end: node.range[1], value };
  });
  places.sort((a, b) => b.start - a.start);
  return places.reduce(
    (whole, { start, end, value }) => whole.slice(0, start) + value + whole.slice(end),
    text,
  );
}

/** Quoted unless every reader of YAML takes it for the same text; an id that is a usual number may stay one. */
function plain(value: string): string {
  const isWord =
    /^[A-Za-z][A-Za-z0-9 _-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|y|n|null)$|\s$/i.test(value);
  return isWord || /^[1-9]\d{0,8}$/.test(value) ? value : JSON.stringify(value);
}
