import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { vaultFolder } from '../compose/folders.js';
import { policyOf } from '../compose/serve-organizations.js';
import type { Config } from '../config/config.js';
import type { PersonAction } from '../domain/registration.js';
import { createVault } from '../effects/documents/vault.js';
import { personContext } from '../intake/read-check.js';
import { phoneContext } from '../registration/create-registration.js';
import { type CaseDescription, describeCase, picturesOf } from '../review/describe-case.js';
import { findReviewed, ReviewRefusal, resolveCase } from '../review/resolve-case.js';
import { findRegistration, type StoredRegistration } from '../store/registrations.js';
import { listOpenCases } from '../store/review-cases.js';
import type { Store } from '../store/store.js';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { withInstallation } from './open-installation.js';
import { moment, table } from './table.js';

const actions: readonly string[] = ['register', 'reject', 'again'] satisfies PersonAction[];
const contexts = { phone: phoneContext, person: personContext };

/** `gatehouse review`: people decide what machines may not. */
export const command: Command = {
  name: 'review',
  summary: 'Look at waiting cases and decide them. What you decide stands, whatever the provider says later.',
  usage:
    'review list [--json]\nreview show ID [--export FOLDER] [--json]\nreview register|reject|again ID --reason TEXT [--by NAME]',
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'why; kept with the decision' },
    by: { type: 'string', value: 'NAME', description: 'who decides (default: your user name)' },
    export: { type: 'string', value: 'FOLDER', description: 'write the photos and fields of the case there' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  maxPositionals: 2,
  async run(input) {
    const [action, id] = input.positionals;
    if (action === 'list' && id === undefined) return await list(input);
    if (action === 'show' && id !== undefined) return await withCase(input, id, show);
    if (action !== undefined && actions.includes(action) && id !== undefined)
      return await withCase(input, id, decideCase(action as PersonAction));
    throw new WrongUse(
      'say what to do: review list, review show ID, or review register|reject|again ID --reason TEXT',
    );
  },
};

interface Opened {
  readonly input: CommandInput;
  readonly config: Config;
  readonly store: Store;
  readonly stored: StoredRegistration;
}

async function withCase(
  input: CommandInput,
  id: string,
  work: (opened: Opened) => Promise<number> | number,
): Promise<number> {
  return await withInstallation(input, async ({ config, store }) => {
    const stored = findReviewed(store, id);
    if (stored) return await work({ input, config, store, stored });
    input.stderr.write(
      `There is no case or registration ${id}. \`gatehouse review list\` shows what waits.\n`,
    );
    return failed;
  });
}

async function list(input: CommandInput): Promise<number> {
  return await withInstallation(input, ({ store }) => {
    const rows = listOpenCases(store.main, 500).map(entry => {
      const registration = findRegistration(store.main, entry.registration_id)?.registration;
      return {
        case: entry.id,
        registration: entry.registration_id,
        openedAt: new Date(entry.opened_at).toISOString(),
        cause: entry.cause,
        result: registration?.result ?? null,
        reason: registration?.reason ?? null,
      };
    });
    if (input.values.json === true) input.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else if (rows.length === 0) input.stdout.write('Nobody waits.\n');
    else
      input.stdout.write(
        table(
          ['case', 'since (UTC)', 'cause', 'result', 'reason'],
          rows.map(row => [
            row.case,
            moment(Date.parse(row.openedAt)),
            row.cause,
            row.result ?? '',
            row.reason ?? '',
          ]),
        ),
      );
    return done;
  });
}

async function show(opened: Opened): Promise<number> {
  const { input, store, stored } = opened;
  const description = describeCase(store, stored, contexts);
  const folder = input.values.export;
  const exported = typeof folder === 'string' ? await exportCase(opened, description, folder) : null;
  if (input.values.json === true) input.stdout.write(`${JSON.stringify(description, null, 2)}\n`);
  else input.stdout.write(asText(description));
  if (exported !== null)
    input.stdout.write(`\n${exported} written to ${folder}. Delete them when you are done.\n`);
  return done;
}

function asText(description: CaseDescription): string {
  const { person, documents, notices, history, reasonCodes, ...plain } = description;
  const rows = [...Object.entries(plain), ...Object.entries(person ?? {})]
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, String(value)] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  const fields = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `\n${title}\n${lines.map(line => `  ${line}\n`).join('')}`;
  return (
    fields +
    list('Reason codes', reasonCodes) +
    list(
      'Photos',
      documents.map(({ kind, contentType, bytes }) => `${kind} (${contentType}, ${bytes} bytes)`),
    ) +
    list(
      'Texts',
      notices.map(({ kind, status }) => `${kind}: ${status}`),
    ) +
    list(
      'History',
      history.map(entry =>
        [entry.openedAt, entry.cause, entry.action ?? 'open', entry.closedBy, entry.reason]
          .filter(Boolean)
          .join(' · '),
      ),
    )
  );
}

/** Only the owner may read what is written: it leaves the vault. Returns what was written, in words. */
async function exportCase(opened: Opened, description: CaseDescription, folder: string): Promise<string> {
  const { input, config, store, stored } = opened;
  const target = resolve(input.cwd, folder);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const write = (name: string, bytes: Buffer | string) =>
    writeFileSync(join(target, name), bytes, { mode: 0o600, flag: 'wx' });
  write('case.json', `${JSON.stringify(description, null, 2)}\n`);
  const vault = createVault(store, vaultFolder(config));
  const pictures = picturesOf(store, stored);
  for (const [place, picture] of pictures.entries()) {
    const bytes = await vault.get({
      identityId: stored.row.identity_id,
      checkId: picture.check_id,
      ref: picture.ref,
      file: picture.file,
    });
    const ending = picture.content_type.split('/')[1]?.replace(/[^a-z0-9]/g, '') ?? 'bin';
    write(`${place + 1}-${picture.kind}.${ending}`, bytes);
  }
  return `case.json and ${pictures.length} ${pictures.length === 1 ? 'photo' : 'photos'}`;
}

function decideCase(action: PersonAction): (opened: Opened) => number {
  return ({ input, config, store, stored }) => {
    const { reason, by } = input.values;
    if (typeof reason !== 'string' || reason.trim() === '')
      throw new WrongUse('say why: --reason TEXT. It is kept with the decision.');
    const organization = config.organizations.find(({ id }) => id === stored.row.organization);
    if (!organization) throw new Error(`organization ${stored.row.organization} is no longer configured`);
    const resolution = {
      action,
      reason: reason.trim(),
      by: typeof by === 'string' ? by : userInfo().username,
    };
    try {
      resolveCase(store, stored, resolution, policyOf(config, organization), Date.now());
    } catch (error) {
      if (!(error instanceof ReviewRefusal)) throw error;
      input.stderr.write(`Not decided: ${error.message}.\n`);
      return failed;
    }
    const { identityStatus } = describeCase(store, stored, contexts);
    input.stdout.write(`Decided: the customer is now ${identityStatus}.\n`);
    return done;
  };
}
