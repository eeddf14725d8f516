/** The simulator as a program that is called like Kratos, so that what drives the real one is tried without it. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { startKratosSimulator } from '../../src/simulators/kratos/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: 'string', short: 'c' },
    dev: { type: 'boolean' },
    'sqa-opt-out': { type: 'boolean' },
  },
});
if (positionals.join() !== 'serve' || values.config === undefined) throw new Error('serve -c FILE');
const configuration = parse(readFileSync(values.config, 'utf8')) as {
  serve: Record<'public' | 'admin', { host: string; port: number }>;
};
const { public: open, admin } = configuration.serve;
const simulator = await startKratosSimulator({ host: open.host, publicPort: open.port, port: admin.port });
simulator.useActions(configuration);
process.once('SIGTERM', () => void simulator.close().then(() => process.exit()));
