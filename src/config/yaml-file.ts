import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { Path } from './problems.js';

/** A settings file taken apart: plain data, and for each path the line it stands on. */
export interface YamlFile {
  readonly data: unknown;
  /** the line of a key or list item; where there is none, of the nearest one around it */
  lineOf(path: Path): number | undefined;
  /** whether the file itself has the path */
  has(path: Path): boolean;
}

/** A mistake of the YAML as such. Parser messages may quote the file, so none is passed on. */
export interface YamlFault {
  readonly line: number;
  readonly problem: string;
  readonly remedy: string;
}

const faults: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  DUPLICATE_KEY: ['has a key twice in one section', 'keep one of them'],
  TAB_AS_INDENT: ['is indented with a tab', 'indent with spaces'],
  MULTIPLE_DOCS: ['begins a second document', 'remove the line --- and put everything into one document'],
  BAD_ALIAS: [
    'uses an alias (*name) without an anchor (&name) before it',
    'write the value out, or put it in quotes',
  ],
  TAG_RESOLVE_FAILED: ['uses a tag (!name) that is not known', 'remove the tag, or put the value in quotes'],
  BAD_SCALAR_START: ['has a value that begins with a reserved character', 'put the value in quotes'],
  BAD_DQ_ESCAPE: [
    'has an unknown escape in double quotes',
    'write \\\\ for a backslash, or use single quotes',
  ],
  MISSING_CHAR: ['lacks a closing quote or bracket', 'close what was opened on this line or above'],
  BAD_INDENT: ['is not indented as its neighbours are', 'indent entries of one section alike, with spaces'],
  BLOCK_AS_IMPLICIT_KEY: [
    'has two keys on one line, or a line that is indented too far',
    'write one key: value a line',
  ],
  MULTILINE_IMPLICIT_KEY: ['lacks a colon after a key', 'write key: value'],
  UNEXPECTED_TOKEN: ['has something after a value', 'remove it, or put the whole value in quotes'],
};
const unreadable = ['is not valid YAML', 'compare the line with config/gatehouse.example.yaml'] as const;

/** Reads strictly: one document, no key twice, no unknown anchors or tags, YAML 1.2. */
export function parseYamlFile(text: string): YamlFile | { readonly faults: readonly YamlFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    logLevel: 'error',
  });
  const found = [...document.errors, ...document.warnings].map(error =>
    fault(lines.linePos(error.pos[0]).line, error.code),
  );
  found.push(...hiddenFaults(document, lines));
  if (found.length > 0) return { faults: found };
  return {
    data: document.toJS({ maxAliasCount: 100 }),
    lineOf: path => lineOf(document, lines, path),
    has: path => path.length > 0 && walk(document, path).complete,
  };
}

function fault(line: number, code: string): YamlFault {
  const [problem, remedy] = faults[code] ?? unreadable;
  return { line, problem, remedy };
}

/** What the parser lets pass: aliases to nothing or to their own surroundings, keys that are no words, other versions. */
function hiddenFaults(document: Document, lines: LineCounter): YamlFault[] {
  const found: YamlFault[] = [];
  const lineAt = (node: unknown) => lines.linePos(isNode(node) && node.range ? node.range[0] : 0).line;
  if (document.directives?.yaml.explicit === true)
    found.push({
      line: 1,
      problem: 'begins with a %YAML directive',
      remedy: 'remove it: the file is YAML 1.2',
    });
  visit(document, {
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document);
      if (target === undefined || ancestors.includes(target)) found.push(fault(lineAt(alias), 'BAD_ALIAS'));
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key) || isAlias(pair.key))
        found.push({
          line: lineAt(pair.key),
          problem: 'has a key that is not a word',
          remedy: 'write key: value',
        });
    },
  });
  return found;
}

/** Follows the path as far as it goes; `position` is that of the last key or item met. */
function walk(document: Document, path: Path): { complete: boolean; position: number | undefined } {
  let node: unknown = document.contents;
  let position: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return { complete: false, position };
      if (isNode(pair.key)) position = pair.key.range?.[0] ?? position;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      if (isNode(node)) position = node.range?.[0] ?? position;
    } else return { complete: false, position };
  }
  return { complete: true, position };
}

function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  const { position } = walk(document, path);
  return position === undefined ? undefined : lines.linePos(position).line;
}
