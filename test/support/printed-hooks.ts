import assert from 'node:assert/strict';
import { command as print } from '../../src/cli/print.js';
import { runInTerminal } from '../cli/terminal.js';
import type { World } from './world.js';

/**
 * The YAML that `gatehouse print ory --with-secret` prints for a world. Its private listener took any free port, which
 * the configuration cannot know.
 */
export async function printedHooks({ installation: { dir, env }, gateway }: World): Promise<string> {
  const { stdout, stderr, code } = await runInTerminal(print, ['ory', '--with-secret'], { cwd: dir, env });
  assert.equal(code, 0, stderr);
  return stdout.replaceAll('http://127.0.0.1:0/', `${gateway.addresses.private}/`);
}
