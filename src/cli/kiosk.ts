import { randomBytes } from 'node:crypto';
import { loadConfig } from '../config/load.js';
import { kioskKeyPrefix } from '../registration/kiosk-key.js';
import { newId } from '../runtime/ids.js';
import { hashSecret } from '../runtime/keyring.js';
import { addKiosk, listKiosks, revokeKiosk } from '../store/kiosks.js';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { withInstallation, withInstallationMade } from './open-installation.js';
import { moment, table } from './table.js';

/** `gatehouse kiosk`: who may ask for registrations. */
export const command: Command = {
  name: 'kiosk',
  summary: 'Add, list and revoke kiosks. A key is shown once and kept as a hash.',
  usage:
    'kiosk add NAME --organization ID [--json]\nkiosk list [--json]\nkiosk revoke NAME --organization ID',
  options: {
    organization: { type: 'string', value: 'ID', description: 'the organization the kiosk belongs to' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  maxPositionals: 2,
  async run(input) {
    const [action, name] = input.positionals;
    if (action === 'list' && name === undefined) return await list(input);
    if (action === 'add' || action === 'revoke') return await change(input, action, name);
    throw new WrongUse('say what to do: kiosk add NAME, kiosk list, or kiosk revoke NAME');
  },
};

async function change(
  input: CommandInput,
  action: 'add' | 'revoke',
  name: string | undefined,
): Promise<number> {
  const organization = input.values.organization;
  if (name === undefined || !/^[\p{L}\p{N} ._-]{1,60}$/u.test(name))
    throw new WrongUse('the kiosk needs a name of letters, digits, spaces, ., _ and -, at most 60');
  if (typeof organization !== 'string') throw new WrongUse('say whose kiosk it is: --organization ID');
  requireOrganization(input, organization);
  const open = action === 'add' ? withInstallationMade : withInstallation;
  return await open(input, ({ store }) => {
    if (action === 'revoke') {
      const revoked = revokeKiosk(store.main, organization, name, Date.now());
      const stream = revoked ? input.stdout : input.stderr;
      stream.write(
        revoked ? `The key of "${name}" no longer works.\n` : `There is no such kiosk with a working key.\n`,
      );
      return revoked ? done : failed;
    }
    const key = `${kioskKeyPrefix}${randomBytes(32).toString('base64url')}`;
    const id = newId('ksk', Date.now());
    if (!addKiosk(store.main, { id, organization, name, keyHash: hashSecret(key) }, Date.now())) {
      input.stderr.write(
        `Organization ${organization} has a kiosk "${name}" already. Choose another name.\n`,
      );
      return failed;
    }
    input.stdout.write(
      input.values.json === true
        ? `${JSON.stringify({ id, organization, name, key })}\n`
        : `Kiosk "${name}" of organization ${organization} was added.\n\n  ${key}\n\nThis key is shown now and never again. The kiosk sends it as \`Authorization: Bearer <key>\`.\n`,
    );
    return done;
  });
}

/** Before anything is opened: `add` may make the installation. */
function requireOrganization({ env, cwd }: CommandInput, organization: string): void {
  const { organizations } = loadConfig({ env, cwd }).config;
  if (organizations.some(({ id }) => id === organization)) return;
  throw new WrongUse(
    `there is no organization "${organization}"; there are: ${organizations.map(({ id }) => id).join(', ')}`,
  );
}

async function list(input: CommandInput): Promise<number> {
  return await withInstallation(input, ({ store }) => {
    const kiosks = listKiosks(store.main);
    if (input.values.json === true) {
      const shown = kiosks.map(({ key_hash, ...kiosk }) => kiosk);
      input.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      return done;
    }
    if (kiosks.length === 0) {
      input.stdout.write('There is no kiosk yet. `gatehouse kiosk add NAME --organization ID` adds one.\n');
      return done;
    }
    const rows = kiosks.map(kiosk => [
      kiosk.organization,
      kiosk.name,
      moment(kiosk.created_at),
      kiosk.revoked_at === null ? 'works' : `revoked ${moment(kiosk.revoked_at)}`,
    ]);
    input.stdout.write(table(['organization', 'name', 'added (UTC)', 'key'], rows));
    return done;
  });
}
