import type { z } from 'zod';
import { listed, nearest, quotable } from './nearest.js';
import type { Path } from './problems.js';
import { type Settings, settingsSchema } from './schema.js';
import { allKeys, keysAt, kindAt } from './schema-keys.js';

/** A mistake at a path of the settings. */
export interface Finding {
  readonly path: Path;
  readonly problem: string;
  readonly remedy: string;
  /** what to call it, where the path's own last step must not be repeated */
  readonly keyText?: string;
  /** the key an unknown one was probably meant to be */
  readonly meant?: Path;
}

/** The settings with every mistake set aside, so that rules over several keys can still be asked. */
export interface ReadSettings {
  readonly settings: Settings | undefined;
  readonly findings: readonly Finding[];
}

/** Checks the data against the schema, reporting all mistakes; each is replaced by its default for what follows. */
export function readSettings(data: unknown): ReadSettings {
  const current = { root: withoutEmptySections(structuredClone(data ?? {}), []) };
  const findings: Finding[] = [];
  for (let round = 0; round < 4; round++) {
    const parsed = settingsSchema.safeParse(current.root);
    if (parsed.success) return { settings: parsed.data, findings };
    for (const issue of parsed.error.issues) findings.push(...findingsOf(issue));
    for (const issue of parsed.error.issues) repair(current, issue);
  }
  return { settings: undefined, findings };
}

function findingsOf(issue: z.core.$ZodIssue): Finding[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(path, key));
  if (issue.code === 'custom')
    return [{ path, problem: issue.message, remedy: String(issue.params?.remedy) }];
  const keys = keysAt(settingsSchema, path);
  if (keys === undefined)
    return [
      { path, problem: 'is not a list', remedy: 'write its entries below it, each after "- ", or as [a, b]' },
    ];
  return [
    { path, problem: 'is not a section', remedy: `write its keys below it, indented: ${listed(keys)}` },
  ];
}

function unknownKey(path: Path, key: string): Finding {
  const word = quotable(key);
  const known = keysAt(settingsSchema, path) ?? [];
  const near = word === undefined ? undefined : nearest(word, known);
  const elsewhere = allKeys(settingsSchema).filter(whole => whole.endsWith(`.${key}`) || whole === key);
  return {
    path: [...path, key],
    problem: 'is not a known key',
    remedy:
      near !== undefined && near !== key
        ? `did you mean ${near}?`
        : elsewhere.length > 0
          ? `its place is ${listed(elsewhere, 'or')}`
          : `known here: ${listed(known)}`,
    ...(near === undefined ? {} : { meant: [...path, near] }),
    ...(word === undefined ? { keyText: '(a key that is no name)' } : {}),
  };
}

/** A section whose keys are all commented out is `null` in YAML, and means its defaults. */
function withoutEmptySections(node: unknown, path: Path): unknown {
  if (Array.isArray(node)) return node.map((entry, index) => withoutEmptySections(entry, [...path, index]));
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node)
    .filter(([key, value]) => value !== null || kindAt(settingsSchema, [...path, key]) === undefined)
    .map(([key, value]) => [key, withoutEmptySections(value, [...path, key])] as const);
  return Object.fromEntries(kept);
}

/** Takes what the issue is about out of the data; of a list of single values, the list. */
function repair(current: { root: unknown }, issue: z.core.$ZodIssue): void {
  const path = issue.path as Path;
  const removed = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...path, key]) : [path];
  for (const gone of removed) {
    if (gone.length === 0) current.root = {};
    else if (typeof gone.at(-1) !== 'number') remove(current.root, gone);
    else if (kindAt(settingsSchema, gone) === 'section') put(current.root, gone, {});
    else remove(current.root, gone.slice(0, -1));
  }
}

function holderOf(root: unknown, path: Path): Record<string | number, unknown> | undefined {
  let node = root;
  for (const step of path.slice(0, -1)) node = (node as Record<string | number, unknown> | undefined)?.[step];
  return node as Record<string | number, unknown> | undefined;
}

function remove(root: unknown, path: Path): void {
  const holder = holderOf(root, path);
  if (holder !== undefined) delete holder[path.at(-1)!];
}

function put(root: unknown, path: Path, value: unknown): void {
  const holder = holderOf(root, path);
  if (holder !== undefined) holder[path.at(-1)!] = value;
}
