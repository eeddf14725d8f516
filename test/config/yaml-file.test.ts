import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkshop } from './workshop.js';

const yamlMistakes: readonly (readonly [title: string, yaml: string, line: string])[] = [
  ['a key twice', 'front: nginx\nfront: direct\n', ':2: has a key twice in one section; keep one of them'],
  ['a tab', 'log:\n\tlevel: info\n', ':2: is indented with a tab; indent with spaces'],
  [
    'a second document',
    'front: nginx\n---\nfront: nginx\n',
    ':2: begins a second document; remove the line --- and put everything into one document',
  ],
  [
    'an alias to nothing',
    'front: *gone\n',
    ':1: uses an alias (*name) without an anchor (&name) before it; write the value out, or put it in quotes',
  ],
  [
    'an alias to itself',
    'log: &log\n  level: *log\n',
    ':2: uses an alias (*name) without an anchor (&name) before it; write the value out, or put it in quotes',
  ],
  [
    'an unknown tag',
    'front: !secret x\n',
    ':1: uses a tag (!name) that is not known; remove the tag, or put the value in quotes',
  ],
  [
    'a quote left open',
    'front: "nginx\n',
    ':2: lacks a closing quote or bracket; close what was opened on this line or above',
  ],
  [
    'a version directive',
    '%YAML 1.1\n---\nfront: nginx\n',
    ':1: begins with a %YAML directive; remove it: the file is YAML 1.2',
  ],
  ['a key that is a list', '[a, b]: 1\n', ':1: has a key that is not a word; write key: value'],
];

for (const [title, yaml, line] of yamlMistakes)
  test(`YAML with ${title} is refused with its line`, t => {
    assert.deepEqual(openWorkshop(t, yaml).lines(), [`config/gatehouse.yaml${line}`]);
  });

test('a file that is a list or a word is not a section', t => {
  for (const content of ['- front\n', 'front\n'])
    assert.match(openWorkshop(t, content).lines()[0] ?? '', /^config\/gatehouse\.yaml: is not a section; /);
});

test('an alias that leads somewhere is followed, and its lines are found', t => {
  const workshop = openWorkshop(
    t,
    `organizations:
  - &first {id: 1, name: A, countries: [CZ], policy: &policy {minimumAge: 18}}
  - {id: b, name: B, countries: [CZ], policy: *policy, onfido: {apiToken: {secret: ONFIDO_API_TOKEN}}}
`,
  );
  assert.equal(workshop.load().config.organizations[1]?.policy.minimumAge, 18);
});
