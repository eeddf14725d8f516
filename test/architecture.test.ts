/**
 * The rooms of `src/` and who may use whom. To change a wall, change the table.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * A room (a folder or file below `src/`) and what it may import besides itself: folders, or single files. The longest
 * name that fits a file is its room.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  runtime: [],
  config: ['domain', 'runtime'],
  providers: ['domain', 'runtime'],
  store: ['domain', 'runtime'],
  jobs: ['domain', 'store', 'runtime'],
  registration: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  intake: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  review: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  deadlines: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  sweep: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  site: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  effects: ['domain', 'store', 'providers/provider.ts', 'runtime'],
  'effects/notices/vendors': ['domain', 'runtime'],
  http: ['runtime'],
  tls: ['runtime'],
  simulators: ['runtime/clock.ts'],
  compose: ['*'],
  cli: ['compose', 'config', 'store', 'registration', 'intake', 'review', 'effects', 'domain', 'runtime'],
  'cli/demo': ['cli', 'compose', 'config', 'store', 'registration', 'domain', 'runtime', 'simulators'],
  'cli/simulate': ['cli', 'compose', 'config', 'store', 'registration', 'domain', 'runtime', 'simulators'],
  main: ['cli'],
};

/** What no table entry opens: from a room, to a place, and why. */
const forbidden: readonly (readonly [from: string, to: string, why: string])[] = [
  ['compose', 'simulators', 'the appliance never contains a simulator'],
  ['compose', 'cli', 'the appliance does not know who runs it'],
  ['cli/start', 'simulators', 'what runs in earnest never contains a simulator'],
  ['cli/start', 'cli/demo', 'what runs in earnest never contains a simulator'],
  ['cli/start', 'cli/simulate', 'what runs in earnest never contains a simulator'],
  ['effects', 'domain/decide.ts', 'effects act, they never decide'],
];

/** Rooms that need nothing but the language. */
const pure = ['domain'];
/** Files whose types may be named (`import type`) without their code being used, and by which rooms. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'config/config.ts': Object.keys(rooms).filter(room => room !== 'domain' && room !== 'runtime'),
  'providers/organizations.ts': ['registration', 'intake', 'review', 'deadlines', 'sweep', 'site', 'effects'],
  'jobs/runner.ts': ['registration', 'intake', 'review', 'deadlines', 'sweep', 'effects'],
  'jobs/retry.ts': ['intake'],
};
/** What gives another answer the next time it is asked, or acts upon the world: a pure room is given such things. */
const impure: readonly RegExp[] = [
  /\bDate\.now\b/,
  /\bnew Date(?!\w|\s*\(\s*[^\s)])/,
  /(?<!new\s+)\bDate\s*\(/,
  /\bMath\.random\b/,
  /\b(?:process|performance|crypto|console|globalThis)\b\s*[.[]/,
  /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\s*\(/,
];
const longestFile = 400;

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Without the comments. */
function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** Import and export lines, dynamic imports of a literal, and what a type borrows with `import('…')`. */
function importsOf(source: string): Import[] {
  const code = codeOf(source);
  const statements = code.matchAll(
    /^[ \t]*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s+)?['"]([^'"\n]+)['"]/gm,
  );
  const calls = code.matchAll(/\b(?:import|require)\(\s*['"]([^'"\n]+)['"]\s*\)/g);
  return [
    ...[...statements].map(([, type, specifier = '']) => ({ specifier, typeOnly: type !== undefined })),
    ...[...calls].map(([, specifier = '']) => ({ specifier, typeOnly: false })),
  ];
}

function isWithin(file: string, place: string): boolean {
  return file === place || file === `${place}.ts` || file.startsWith(`${place}/`);
}

function roomOf(file: string): string | undefined {
  return Object.keys(rooms)
    .filter(room => isWithin(file, room))
    .sort((a, b) => b.length - a.length)[0];
}

/** Why the import is not allowed, or `undefined`. Files are named from `src/`. */
function objection(file: string, { specifier, typeOnly }: Import): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return 'the file is in no room of the table';
  if (!specifier.startsWith('.')) {
    if (!pure.some(place => isWithin(file, place))) return undefined;
    const builtin = specifier.startsWith('node:') || builtinModules.includes(specifier);
    return `${room} imports no ${builtin ? 'module of the run time' : 'package'}`;
  }
  const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
  if (target.startsWith('..'))
    return target.startsWith('../package.json') ? undefined : 'it leads out of src';
  const ban = forbidden.find(([from, to]) => isWithin(file, from) && isWithin(target, to));
  if (ban) return ban[2];
  if (isWithin(target, room) && (roomOf(target) === room || isWithin(roomOf(target) ?? '', room)))
    return undefined;
  if (typeOnly && typesOnly[target]?.includes(room)) return undefined;
  const allowed = rooms[room] ?? [];
  if (allowed.includes('*') || allowed.some(place => isWithin(target, place))) return undefined;
  return `${room} may import ${allowed.length === 0 ? 'no other room' : allowed.join(', ')}`;
}

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map(file => ({ file, text: readFileSync(`${source}${file}`, 'utf8') }));

function objections(all: readonly { file: string; text: string }[]): string[] {
  return all.flatMap(({ file, text }) =>
    importsOf(text).flatMap(found => {
      const why = objection(file, found);
      return why === undefined ? [] : [`src/${file} imports ${found.specifier}: ${why}`];
    }),
  );
}

/** What is impure in the files of pure rooms. */
function impurities(all: readonly { file: string; text: string }[]): string[] {
  return all
    .filter(({ file }) => pure.some(place => isWithin(file, place)))
    .flatMap(({ file, text }) =>
      impure.flatMap(pattern => {
        const [found] = pattern.exec(codeOf(text)) ?? [];
        return found === undefined ? [] : [`src/${file} uses ${found}`];
      }),
    );
}

test('what decides knows no time, chance or surroundings but those it is given', () => {
  assert.ok(files.filter(({ file }) => isWithin(file, 'domain')).length > 10, 'the sources were not found');
  assert.deepEqual(impurities(files), []);
});

test('what is impure is found, however it is written, and only there', () => {
  const violations = [
    'const now = Date.now();',
    'const now = Date.now;',
    'return new Date().getTime();',
    'return new Date( );',
    'return +new Date;',
    'return Date();',
    'if (Math.random() < 0.5) return;',
    "if (process.env.LENIENT === 'yes') return;",
    "process['exit'](1);",
    'const id = crypto.randomUUID();',
    'const at = performance.now();',
    'setTimeout(() => {}, 5);',
    'setInterval(act, 5);',
    'setImmediate(act);',
  ];
  for (const text of violations) {
    assert.equal(impurities([{ file: 'domain/decide.ts', text }]).length, 1, text);
    assert.deepEqual(impurities([{ file: 'runtime/clock.ts', text }]), []);
  }
  for (const text of [
    'const at = new Date(now).toISOString();',
    'const at = new Date( Date.UTC(2026, 1, 1));',
    'const at = Date.parse(text);',
    '// the process. Date.now() is not asked',
    'const made = new DateRange();',
    'processing.push(1);',
  ])
    assert.deepEqual(impurities([{ file: 'domain/decide.ts', text }]), [], text);
});

test('every import keeps to the arrows between the rooms', () => {
  assert.ok(files.length > 20, 'the sources were not found');
  assert.deepEqual(objections(files), []);
});

test('every file is in a room', () => {
  assert.deepEqual(
    files.map(({ file }) => file).filter(file => roomOf(file) === undefined),
    [],
  );
});

test(`no source file is longer than ${longestFile} lines`, () => {
  const long = files.map(({ file, text }) => `${file}: ${text.split('\n').length - 1}`);
  assert.deepEqual(
    long.filter(line => Number(line.split(': ')[1]) > longestFile),
    [],
  );
});

test('an import that breaks an arrow is found, however it is written', () => {
  const violations: [string, string, RegExp][] = [
    ['domain/decide.ts', "import { now } from '../runtime/clock.js';", /domain may import no other room/],
    ['domain/decide.ts', "import { z } from 'zod';", /domain imports no package/],
    ['domain/decide.ts', "import { join } from 'node:path';", /no module of the run time/],
    ['domain/decide.ts', "import { join } from 'path';", /no module of the run time/],
    ['domain/decide.ts', "import type { Config } from '../config/config.js';", /domain may import/],
    [
      'runtime/log.ts',
      "import type { Config } from '../config/config.js';",
      /runtime may import no other room/,
    ],
    ['http/server.ts', "import { load } from '../config/load.js';", /http may import runtime/],
    ['http/server.ts', "import { languages } from '../config/config.js';", /http may import runtime/],
    [
      'intake/routes.ts',
      "import {\n  a,\n  type B,\n} from '../registration/routes.js';",
      /intake may import domain/,
    ],
    ['intake/routes.ts', "import { createRunner } from '../jobs/runner.js';", /intake may import/],
    ['site/routes.ts', "import type { JobHandler } from '../jobs/runner.js';", /site may import/],
    ['intake/routes.ts', "export * from '../review/cases.js';", /intake may import/],
    ['intake/routes.ts', "import '../site/routes.js';", /intake may import/],
    ['intake/routes.ts', "const site = await import('../site/routes.js');", /intake may import/],
    ['intake/routes.ts', "import { onfido } from '../providers/onfido/index.js';", /providers\/provider\.ts/],
    ['effects/report/send.ts', "import { decide } from '../../domain/decide.js';", /never decide/],
    [
      'effects/notices/vendors/twilio.ts',
      "import { jobs } from '../../../store/jobs.js';",
      /vendors may import/,
    ],
    ['effects/notices/vendors/twilio.ts', "import { send } from '../send-notice.js';", /vendors may import/],
    ['simulators/onfido.ts', "import { log } from '../runtime/log.js';", /runtime\/clock\.ts/],
    [
      'simulators/onfido.ts',
      "import { verify } from '../providers/onfido/signature.js';",
      /simulators may import/,
    ],
    ['compose.ts', "import { simulate } from './simulators/onfido.js';", /never contains a simulator/],
    ['cli/start.ts', "import { simulate } from '../simulators/onfido.js';", /never contains a simulator/],
    ['cli/start.ts', "import { demo } from './demo.js';", /never contains a simulator/],
    ['cli/kiosk.ts', "import { simulate } from '../simulators/onfido.js';", /cli may import/],
    ['main.ts', "import { compose } from './compose.js';", /main may import cli/],
    ['elsewhere/x.ts', "import { a } from './y.js';", /in no room/],
    ['tls/x.ts', "import { a } from '../../test/support/clock.js';", /out of src/],
  ];
  for (const [file, text, why] of violations) {
    const [found = 'nothing found', ...more] = objections([{ file, text }]);
    assert.deepEqual(more, []);
    assert.match(found, why, `${file}: ${text}`);
    assert.ok(found.startsWith(`src/${file} imports `), found);
  }
});

test('an import that keeps to the arrows is left alone', () => {
  const allowed: [string, string][] = [
    ['http/server.ts', "import type { Config } from '../config/config.js';"],
    ['http/server.ts', "import { createServer } from 'node:http';\nimport { fastify } from 'fastify';"],
    [
      'domain/decide.ts',
      "import { results } from './results.js';\n// import { z } from 'zod';\n/* import 'zod' */",
    ],
    ['effects/notices/send-notice.ts', "import { vendors } from './vendors/registry.js';"],
    ['effects/report/send.ts', "import type { Effect } from '../../domain/effects.js';"],
    ['intake/read-check.ts', "import type { JobHandler } from '../jobs/runner.js';"],
    ['compose.ts', "import { createStore } from './store/open.js';"],
    ['compose/listeners.ts', "import { createListener } from '../http/server.js';"],
    [
      'cli/demo/run.ts',
      "import { simulate } from '../../simulators/onfido.js';\nimport { say } from '../say.js';",
    ],
    ['cli/simulate.ts', "import { simulate } from '../simulators/onfido.js';"],
    ['main.ts', "import { run } from './cli/run.js';"],
  ];
  for (const [file, text] of allowed) assert.deepEqual(objections([{ file, text }]), []);
});
