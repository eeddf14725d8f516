import { loadConfig } from '../config/load.js';
import { type Command, type CommandInput, done, WrongUse } from './command.js';
import { printCloudflared } from './print/cloudflared.js';
import { printNginx } from './print/nginx.js';
import { printOry, printTemplates } from './print/ory.js';
import type { Printed } from './print/shipped.js';
import { printSystemd } from './print/systemd.js';

/** `gatehouse print`: what others on this machine are configured with, from the configuration in force. */
export const command: Command = {
  name: 'print',
  summary: 'Print configuration for NGINX, cloudflared, systemd or Ory Kratos, filled in for this box',
  usage:
    'print nginx\nprint cloudflared\nprint systemd\nprint ory [--provider NAME] [--with-secret]\nprint ory --templates',
  options: {
    provider: { type: 'string', value: 'NAME', description: 'ory: onfido, jumio or persona' },
    'with-secret': { type: 'boolean', description: 'ory: print the hooks’ secret and no placeholder' },
    templates: { type: 'boolean', description: 'ory: print the source of the two body templates instead' },
  },
  maxPositionals: 1,
  async run(input) {
    const { text, notes } = printed(input);
    input.stdout.write(text);
    for (const note of notes) input.stderr.write(`note: ${note}\n`);
    return done;
  },
};

function printed({ positionals: [what], values, env, cwd }: CommandInput): Printed {
  const loaded = () => loadConfig({ env, cwd });
  if (what !== 'ory' && Object.values(values).some(value => value !== undefined))
    throw new WrongUse('the options go with print ory');
  switch (what) {
    case 'nginx':
      return printNginx(loaded().config);
    case 'cloudflared':
      return printCloudflared(loaded().config);
    case 'systemd':
      return printSystemd(loaded(), env);
    case 'ory':
      if (values.templates === true) return printTemplates();
      return printOry(loaded().config, {
        provider: values.provider as string | undefined,
        withSecret: values['with-secret'] === true,
      });
    default:
      throw new WrongUse('say what: nginx, cloudflared, systemd or ory');
  }
}
