import { readFileSync } from 'node:fs';
import { type Command, done } from './command.js';

/** `gatehouse version`. */
export const command: Command = {
  name: 'version',
  summary: 'Show the version of Gatehouse and of what it runs on',
  usage: 'version [--json]',
  options: { json: { type: 'boolean', description: 'print JSON' } },
  maxPositionals: 0,
  async run({ values, stdout }) {
    const file = new URL('../../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    stdout.write(
      values.json === true
        ? `${JSON.stringify({ gatehouse: version, node: process.versions.node })}\n`
        : `gatehouse ${version} (node ${process.versions.node})\n`,
    );
    return done;
  },
};
