import { compose } from '../compose.js';
import { loadConfig } from '../config/load.js';
import { createLog } from '../runtime/log.js';
import { keepCollectionsShort } from '../runtime/memory.js';
import { type Command, done, failed } from './command.js';

/** `gatehouse start`: runs until SIGTERM or SIGINT, then drains and ends within its limit. */
export const command: Command = {
  name: 'start',
  summary: 'Run the gateway until it is told to stop (SIGTERM or SIGINT)',
  usage: 'start',
  options: {},
  maxPositionals: 0,
  async run({ env, cwd }) {
    keepCollectionsShort();
    const { config } = loadConfig({ env, cwd });
    const log = createLog(config.log);
    for (const warning of config.warnings) log.warn({}, warning);
    const stopped = untilSignal();
    const appliance = await compose(config, { log });
    try {
      await appliance.start();
    } catch (error) {
      await appliance.close();
      throw error;
    }
    log.info(
      { public: appliance.addresses.public, private: appliance.addresses.private, site: config.urls.site },
      'gatehouse is ready',
    );
    const signal = await stopped;
    log.info({ signal }, 'stopping');
    const inTime = await appliance.close();
    log.info({}, inTime ? 'stopped' : 'stopped, cutting off what took too long');
    return inTime ? done : failed;
  },
};

function untilSignal(): Promise<string> {
  return new Promise(resolve => {
    // a handler that stays: a second signal must not end the process in the middle of closing
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  });
}
