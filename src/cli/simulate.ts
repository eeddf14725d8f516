import { nearest } from '../config/nearest.js';
import { outcomes } from '../simulators/onfido/index.js';
import { type Command, type CommandInput, done, WrongUse } from './command.js';
import { driveCustomer } from './simulate/customer.js';
import { serveSimulators, usualPorts } from './simulate/serve.js';

const ways =
  'say what to do: simulate customer OUTCOME --phone NUMBER --key KEY, simulate outcomes, or simulate serve';

/** `gatehouse simulate`: simulated vendors for a sandbox, and customers who walk through it. Never anything real. */
export const command: Command = {
  name: 'simulate',
  summary:
    'Simulated vendors for a sandbox, and single customers who walk through it.\n\n' +
    '  serve     runs the simulated Onfido, Twilio and Kratos and prints the settings that lead `gatehouse start` to them\n' +
    '  customer  asks the kiosk API for a customer, visits the link, uploads pictures and waits for the result\n' +
    '  outcomes  lists what a check can be made to end with\n\n' +
    'A customer is driven against a gateway and simulators on this machine only: anything else is refused. In the\n' +
    'installation’s folder everything but the key is known from its configuration.',
  usage:
    'simulate serve [--onfido-port N] [--twilio-port N] [--kratos-port N] [--site URL] [--ca FILE]\n' +
    'simulate [customer] OUTCOME --phone NUMBER --key KEY [--gateway URL --onfido URL] [--twilio URL] [--site URL] [--ca FILE] [--json]\n' +
    'simulate outcomes [--json]',
  options: {
    phone: { type: 'string', value: 'NUMBER', description: 'customer: mobile number with +' },
    key: { type: 'string', value: 'KEY', description: 'customer: a kiosk’s key, from `gatehouse kiosk add`' },
    gateway: { type: 'string', value: 'URL', description: 'customer: the private listener' },
    onfido: { type: 'string', value: 'URL', description: 'customer: the simulated Onfido' },
    twilio: {
      type: 'string',
      value: 'URL',
      description: 'customer: the simulated Twilio; without one no text is sent and the kiosk’s link is used',
    },
    site: {
      type: 'string',
      value: 'URL',
      description: 'where the public listener really is, e.g. https://127.0.0.1:7743',
    },
    ca: {
      type: 'string',
      value: 'FILE',
      description: 'the public listener’s certificate (default: the installation’s self-signed one)',
    },
    'onfido-port': { type: 'string', value: 'N', description: `serve: default ${usualPorts.onfido}` },
    'twilio-port': { type: 'string', value: 'N', description: `serve: default ${usualPorts.twilio}` },
    'kratos-port': {
      type: 'string',
      value: 'N',
      description: `serve: admin API, default ${usualPorts.kratos}; the public one is the next port`,
    },
    json: { type: 'boolean', description: 'print JSON' },
  },
  maxPositionals: 2,
  async run(input) {
    const [first, second] = input.positionals;
    if (first === 'serve' && second === undefined) return await serveSimulators(input);
    if (first === 'outcomes' && second === undefined) return listOutcomes(input);
    const outcome = first === 'customer' ? second : first;
    if (outcome === undefined || (first !== 'customer' && second !== undefined)) throw new WrongUse(ways);
    return await driveCustomer(input, knownOutcome(outcome));
  },
};

function knownOutcome(word: string): string {
  if (Object.hasOwn(outcomes, word)) return word;
  const near = nearest(word, [...Object.keys(outcomes), 'serve', 'customer', 'outcomes']);
  const hint = near ? `did you mean ${near}? ` : '';
  throw new WrongUse(`there is no outcome "${word}"; ${hint}\`gatehouse simulate outcomes\` lists them all`);
}

function listOutcomes({ values, stdout }: CommandInput): number {
  const rows = Object.entries(outcomes).map(([name, { description }]) => ({ name, description }));
  const width = Math.max(...rows.map(({ name }) => name.length));
  stdout.write(
    values.json === true
      ? `${JSON.stringify(rows, null, 2)}\n`
      : rows.map(({ name, description }) => `${name.padEnd(width)}  ${description}\n`).join(''),
  );
  return done;
}
