/** Templates become bodies: by the real `jsonnet` program where there is one, else as it once rendered them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asFields, type Fields } from '../wire/fields.js';
import { recordedBodies } from './recorded-bodies.js';

/** The body, or null when the template said `error "cancel"`: the call is then left out, and the flow goes on. */
export type RenderBody = (source: string, context: Fields) => Promise<string | null>;

/** The source of a template. */
export function templateSource(uri: string): string {
  if (uri.startsWith('base64://'))
    return Buffer.from(uri.slice('base64://'.length), 'base64').toString('utf8');
  if (uri.startsWith('file://')) return readFileSync(fileURLToPath(uri), 'utf8');
  throw new TypeError('templates are read from base64:// and file:// only');
}

/** The program if it is installed, else recordings. */
export function bestRenderer(): RenderBody {
  return hasProgram() ? renderByProgram : renderFromRecordings;
}

function hasProgram(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, 'jsonnet'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Rejects when the template fails, as it would within Kratos. */
export const renderByProgram: RenderBody = (source, context) =>
  new Promise((resolve, reject) => {
    const argv = ['--tla-code', `ctx=${JSON.stringify(context)}`, '--exec', source];
    execFile('jsonnet', argv, { encoding: 'utf8', timeout: 10_000 }, (error, stdout, stderr) => {
      if (!error) resolve(JSON.stringify(JSON.parse(stdout)));
      else if (/RUNTIME ERROR: cancel\b/.test(stderr)) resolve(null);
      else reject(new Error(`the template failed: ${stderr.split('\n', 1)[0]}`));
    });
  });

/** How a template is known by its recordings. */
export function fingerprint(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

/** What stands in a recording for the context's value at a place. */
export function marker(pointer: string): string {
  return `{${pointer}}`;
}

/** A recording's key: which of the places that the template reads have a value. */
export function shapeOf(reads: readonly string[], context: Fields): string {
  const kinds = reads.map(pointer => [pointer, kindOf(at(context, pointer))] as const);
  if (kinds.some(([, kind]) => kind === 'odd')) return 'odd';
  return kinds.flatMap(([pointer, kind]) => (kind === 'given' ? [pointer] : [])).join(' ');
}

/** Answers what the program answered for a context of the same shape, with this one's values in it. */
export const renderFromRecordings: RenderBody = async (source, context) => {
  const sha256 = fingerprint(source);
  const template = recordedBodies.find(recorded => recorded.sha256 === sha256);
  const body = template?.bodies[shapeOf(template.reads, context)];
  if (body === undefined)
    throw new Error('there is no recording for this template and context; install jsonnet to render it');
  return JSON.stringify(filledIn(body, context));
};

function kindOf(value: unknown): 'given' | 'absent' | 'odd' {
  if (value === undefined || value === null) return 'absent';
  if (typeof value === 'object') return Array.isArray(value) ? 'odd' : 'given';
  return typeof value === 'string' && value.length > 0 && value.length <= 200 ? 'given' : 'odd';
}

function at(context: Fields, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => asFields(value)[key], context);
}

function filledIn(value: unknown, context: Fields): unknown {
  if (typeof value === 'string') return /^\{\/.*\}$/.test(value) ? at(context, value.slice(1, -1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const [only, ...others] = Object.keys(value);
  // an object is handed on whole, so its marker stands for it
  if (only?.startsWith('{/') && others.length === 0) return at(context, only.slice(1, -1));
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, filledIn(child, context)]));
}
