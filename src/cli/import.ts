import { userInfo } from 'node:os';
import { importOry } from '../compose/import-ory.js';
import type { ImportOutcome, ImportSummary } from '../registration/ory/import-identities.js';
import { systemClock } from '../runtime/clock.js';
import { type Command, done, WrongUse } from './command.js';
import { withInstallation } from './open-installation.js';
import { table } from './table.js';

/** `gatehouse import ory`: approvals and declines of an older Ory setup become ours. */
export const command: Command = {
  name: 'import',
  summary:
    'Take over what an older Ory setup decided. Only shows what would be done, unless --apply is given; reads Kratos, writes here only.',
  usage: 'import ory [--provider onfido|jumio|persona] [--apply] [--by NAME] [--json]',
  options: {
    provider: {
      type: 'string',
      value: 'NAME',
      description: 'only this provider’s (default: all that serve Ory)',
    },
    apply: { type: 'boolean', description: 'really take over what is plain' },
    by: { type: 'string', value: 'NAME', description: 'who decides that (default: your user name)' },
    json: { type: 'boolean', description: 'print JSON, with the identities that are unclear' },
  },
  maxPositionals: 1,
  async run(input) {
    const { provider, apply, by, json } = input.values;
    if (input.positionals[0] !== 'ory') throw new WrongUse('say from where: import ory');
    return await withInstallation(input, async ({ config, store }) => {
      const summary = await importOry({
        config,
        store,
        clock: systemClock,
        provider: typeof provider === 'string' ? provider : null,
        apply: apply === true,
        by: typeof by === 'string' ? by : userInfo().username,
      });
      input.stdout.write(json === true ? `${JSON.stringify(summary, null, 2)}\n` : asText(summary));
      return done;
    });
  },
};

const outcomes: Readonly<Record<ImportOutcome, string>> = {
  adopted: 'taken over',
  known: 'left: decided here, or under way',
  kiosk: 'left: a kiosk’s customer',
  blocked: 'left: erased here after a decline',
  contradiction: 'left: approved in one place, declined in another',
  unclear: 'left: no decision',
};

function asText({ applied, identities, rows, unclear }: ImportSummary): string {
  const head = `Kratos has ${identities} ${identities === 1 ? 'identity' : 'identities'}.\n`;
  if (rows.length === 0) return `${head}None has a status of an older setup.\n`;
  const told = (outcome: ImportOutcome) =>
    outcome === 'adopted' && !applied ? 'would be taken over' : outcomes[outcome];
  const body = table(
    ['provider', 'written there', 'identities', 'what becomes of it'],
    rows.map(({ provider, says, outcome, count }) => [provider, says, String(count), told(outcome)]),
  );
  return [
    `${head}\n${body}`,
    ...(unclear.length > 0
      ? ['--json names the identities that are no decision or contradict themselves.\n']
      : []),
    ...(applied ? [] : ['Nothing was written. --apply takes over what would be.\n']),
  ].join('\n');
}
