/** The questions of `gatehouse init`, each answered by its flag, by a person, or by its default. */
import { createInterface } from 'node:readline/promises';
import { type Language, languages } from '../config/config.js';
import { organizationId, organizationName, phoneCountry } from '../config/field-values.js';
import { checkHostname } from '../config/hostname.js';
import { Refusal } from '../config/problems.js';
import { oneOf, type Reader } from '../config/values.js';
import { type CommandInput, type CommandIo, WrongUse } from './command.js';
import type { Answers } from './init-files.js';

interface Question<T> {
  readonly flag: keyof typeof initOptions;
  readonly ask: string;
  readonly fallback?: string;
  readonly read: Reader<T>;
}

/** The flags that answer questions. */
export const initOptions = {
  hostname: {
    type: 'string',
    value: 'NAME',
    description: 'public name of this machine, e.g. kyc.example.net',
  },
  organization: { type: 'string', value: 'ID', description: 'id of the first organization (default 1)' },
  name: { type: 'string', value: 'TEXT', description: 'its name, as customers read it in their SMS' },
  country: { type: 'string', value: 'CZ,SK', description: 'countries whose phone numbers are served' },
  provider: { type: 'string', value: 'onfido', description: 'identity provider (default onfido)' },
  region: { type: 'string', value: 'EU|US|CA', description: "region of the provider's account (default EU)" },
  language: { type: 'string', value: 'en|cs|de|es|fr', description: 'language of the texts (default en)' },
  sms: { type: 'string', value: 'console|twilio', description: 'print SMS or send them (default console)' },
  front: {
    type: 'string',
    value: 'direct|nginx|cloudflared',
    description: 'what stands between the internet and this machine (default direct)',
  },
} as const;

const readCountries: Reader<readonly string[]> = raw => {
  const words = String(raw)
    .toUpperCase()
    .split(/[\s,]+/)
    .filter(word => word !== '');
  if (words.length === 0)
    throw new Refusal('has no country', 'write two letters of ISO 3166, such as CZ or CZ,SK');
  return [...new Set(words.map(word => phoneCountry(word)))];
};

const questions: { readonly [K in keyof Answers]: Question<Answers[K]> } = {
  hostname: {
    flag: 'hostname',
    ask: 'Public name of this machine (e.g. kyc.example.net)',
    read: raw => checkHostname(String(raw)),
  },
  name: { flag: 'name', ask: 'Name of the organization, as customers read it', read: organizationName },
  organization: { flag: 'organization', ask: 'Its id', fallback: '1', read: organizationId },
  countries: {
    flag: 'country',
    ask: 'Countries whose phone numbers are served (e.g. CZ, SK)',
    read: readCountries,
  },
  provider: {
    flag: 'provider',
    ask: 'Identity provider: onfido',
    fallback: 'onfido',
    read: oneOf(['onfido']),
  },
  region: {
    flag: 'region',
    ask: "Region of the provider's account: EU, US, CA",
    fallback: 'EU',
    read: oneOf(['EU', 'US', 'CA'], true),
  },
  language: {
    flag: 'language',
    ask: `Language of the texts: ${languages.join(', ')}`,
    fallback: 'en',
    read: oneOf<Language>(languages),
  },
  sms: { flag: 'sms', ask: 'SMS: console, twilio', fallback: 'console', read: oneOf(['console', 'twilio']) },
  front: {
    flag: 'front',
    ask: 'In front of this machine: direct, nginx, cloudflared',
    fallback: 'direct',
    read: oneOf(['direct', 'nginx', 'cloudflared']),
  },
};

/** One line from a person; `undefined` when there are no more. */
type Ask = (prompt: string) => Promise<string | undefined>;

/**
 * Reads the flags, then asks for what is open where a person sits at a terminal and `--yes` was not given.
 *
 * @throws {WrongUse} for wrong flags and for open questions that nobody can answer: all at once
 */
export async function answersOf(input: CommandInput): Promise<Answers> {
  const given = readFlags(input);
  const mayAsk = input.values.yes !== true && input.stdin.isTTY === true;
  const answers = mayAsk ? await askForRest(given, input) : takeDefaults(given);
  return answers as unknown as Answers;
}

type Given = Map<keyof Answers, unknown>;
const names = Object.keys(questions) as (keyof Answers)[];

function readFlags({ values }: CommandInput): Given {
  const given: Given = new Map();
  const wrong: string[] = [];
  for (const name of names) {
    const { flag, read } = questions[name];
    if (values[flag] === undefined) continue;
    try {
      given.set(name, read(values[flag]));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      wrong.push(`--${flag} ${error.message}`);
    }
  }
  if (wrong.length > 0) throw new WrongUse(wrong.join('\n'));
  return given;
}

function takeDefaults(given: Given): Record<string, unknown> {
  const missing = names.filter(name => !given.has(name) && questions[name].fallback === undefined);
  if (missing.length > 0)
    throw new WrongUse(
      `needs ${missing.map(name => `--${questions[name].flag}`).join(', ')}, since nobody can be asked`,
    );
  return Object.fromEntries(
    names.map(name => [name, given.get(name) ?? questions[name].read(questions[name].fallback)]),
  );
}

async function askForRest(given: Given, io: CommandIo): Promise<Record<string, unknown>> {
  const lines = openTerminal(io);
  try {
    const answers: Record<string, unknown> = {};
    for (const name of names)
      answers[name] = given.get(name) ?? (await settle(questions[name], lines.ask, io));
    return answers;
  } finally {
    lines.close();
  }
}

/** Asks until the answer will do. */
async function settle(
  { ask: text, fallback, read }: Question<unknown>,
  ask: Ask,
  { stdout }: CommandIo,
): Promise<unknown> {
  for (;;) {
    const line = await ask(`${text}${fallback === undefined ? '' : ` [${fallback}]`}: `);
    if (line === undefined)
      throw new WrongUse('was left before every question was answered; nothing was written');
    try {
      return read(line.trim() === '' && fallback !== undefined ? fallback : line.trim());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      stdout.write(`  That ${error.problem}; ${error.remedy}.\n`);
    }
  }
}

/** readline leaves a question open for ever when the input ends; here that is an answer too. */
function openTerminal({ stdin, stdout }: CommandIo): { ask: Ask; close: () => void } {
  const lines = createInterface({ input: stdin, output: stdout, terminal: false });
  const waiting = lines[Symbol.asyncIterator]();
  return {
    async ask(prompt) {
      stdout.write(prompt);
      const { value, done } = await waiting.next();
      return done === true ? undefined : value;
    },
    close: () => lines.close(),
  };
}
