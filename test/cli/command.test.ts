import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, type CommandInput, WrongUse } from '../../src/cli/command.js';
import { ConfigError } from '../../src/config/problems.js';
import { runInTerminal } from './terminal.js';

function commandDoing(run: (input: CommandInput) => number, more: Partial<Command> = {}): Command {
  return {
    name: 'paint',
    summary: 'Paint a wall',
    usage: 'paint WALL [--colour NAME]\npaint list',
    options: {
      colour: { type: 'string', short: 'c', value: 'NAME', description: 'which colour' },
      tag: { type: 'string', multiple: true },
      json: { type: 'boolean', description: 'as JSON' },
    },
    run: async input => run(input),
    ...more,
  };
}
const here = { cwd: '/' };

test('help tells usage and options and runs nothing', async () => {
  const command = commandDoing(() => assert.fail('it ran'));
  for (const argv of [['--help'], ['-h'], ['north', '--nonsense', '--help']]) {
    const seen = await runInTerminal(command, argv, here);
    assert.equal(seen.code, 0);
    assert.equal(
      seen.stdout,
      `Paint a wall

Usage:
  gatehouse paint WALL [--colour NAME]
  gatehouse paint list

Options:
  -c, --colour NAME  which colour
  --tag VALUE
  --json             as JSON
  --help             show this
`,
    );
    assert.equal(seen.stderr, '');
  }
});

test('options and words reach the command, also after --', async () => {
  let got: unknown;
  const command = commandDoing(({ values, positionals }) => {
    got = [{ ...values }, positionals];
    return 0;
  });
  const { code } = await runInTerminal(
    command,
    ['north', '-c', 'red', '--tag=a', '--tag', 'b', '--json', '--', '--help'],
    here,
  );
  assert.equal(code, 0);
  assert.deepEqual(got, [{ colour: 'red', tag: ['a', 'b'], json: true }, ['north', '--help']]);
});

const wrongUses: readonly (readonly [argv: string[], message: string])[] = [
  [['--color', 'red'], '--color is not an option; did you mean --colour?'],
  [['--zzzzzzzz=secretvalue'], '--zzzzzzzz is not an option; known are --colour, --tag, --json and -c'],
  [['-x'], '-x is not an option; known are --colour, --tag, --json and -c'],
  [['--colour'], '--colour needs a value: --colour=NAME'],
  [['--colour', '--json'], '--colour needs a value: --colour=NAME'],
  [['--json=yes'], '--json takes no value'],
  [['a', 'b', 'c'], 'takes at most 2 words beside options'],
];

for (const [argv, message] of wrongUses)
  test(`called with ${argv.join(' ')} it ends with 2 and says why`, async () => {
    const command = commandDoing(() => assert.fail('it ran'), { maxPositionals: 2 });
    const { code, stderr } = await runInTerminal(command, argv, here);
    assert.equal(code, 2);
    assert.equal(stderr, `gatehouse paint: ${message}\nSee: gatehouse paint --help\n`);
  });

test('whatever a command throws becomes a message and an exit code', async () => {
  const thrown = async (error: unknown) =>
    runInTerminal(
      commandDoing(() => {
        throw error;
      }),
      [],
      here,
    );
  assert.equal((await thrown(new WrongUse('needs a wall'))).code, 2);
  const problem = { source: 'a.yaml:1', key: 'b', problem: 'is wrong', remedy: 'write c' };
  const config = await thrown(new ConfigError([problem]));
  assert.equal(config.code, 1);
  assert.equal(config.stderr, 'The configuration has a problem:\na.yaml:1: b: is wrong; write c\n');
  const failed = await thrown(new Error('no paint'));
  assert.equal(failed.code, 1);
  assert.equal(failed.stderr, 'gatehouse paint failed: no paint\n');
  assert.equal((await thrown('a string')).stderr, 'gatehouse paint failed: for an unknown reason\n');
});
