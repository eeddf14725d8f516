import type { Config } from '../../config/config.js';
import { WrongUse } from '../command.js';
import { reachedAt } from './addresses.js';
import { filledIn, type Printed, shippedFile } from './shipped.js';

/** What the snippet is filled in with. */
export interface SnippetValues {
  /** where Kratos reaches the hooks, without a slash at its end */
  readonly hooks: string;
  readonly provider: string;
  /** null: a placeholder */
  readonly secret: string | null;
}

export interface OryPrintOptions {
  readonly provider?: string | undefined;
  readonly withSecret: boolean;
}

const templates = ['initiate', 'validate'] as const;

/** ory-actions.yaml for this box and one of its providers. */
export function printOry(config: Config, { provider, withSecret }: OryPrintOptions): Printed {
  const served = chosenProvider(config, provider);
  const [secret = null] = config.ory.webhookSecrets;
  if (withSecret && secret === null) throw new Error(`there is no secret to print: ${unset}`);
  const values = { hooks: hooksAt(config), provider: served, secret: withSecret ? secret : null };
  return { text: orySnippet(values), notes: notesOf(config) };
}

/** The snippet itself, templates within. */
export function orySnippet({ hooks, provider, secret }: SnippetValues): string {
  return filledIn(shippedFile('ory-actions.yaml'), {
    [toChange]: headingOf(provider, secret === null),
    'http://127.0.0.1:3000/onfido/': `${hooks}/${provider}/`,
    'value: Bearer CHANGE-ME,': `value: ${secret === null ? 'Bearer CHANGE-ME' : JSON.stringify(`Bearer ${secret}`)},`,
    ...Object.fromEntries(
      templates.map(name => [`file:///etc/gatehouse/jsonnet/${name}.jsonnet`, inlined(templateFile(name))]),
    ),
  });
}

/** The templates as they are read by people. */
export function printTemplates(): Printed {
  const text = templates.map(name => `// jsonnet/${name}.jsonnet\n${templateFile(name)}`).join('\n');
  return { text, notes: [] };
}

const unset = 'ORY_WEBHOOK_SECRET is unset, and without it the hooks do not exist';

const toChange = `# Merge this into kratos.yml (self-hosted) or give it to \`ory patch identity-config\` (Ory Network). To change: the two
# URLs, the secret (ORY_WEBHOOK_SECRET; Kratos expands no variables), and the paths of the two templates.
# \`npx gatehouse print ory --provider onfido\` prints it filled in for this box, templates included.`;

function headingOf(provider: string, placeholder: boolean): string {
  return [
    '# Merge this into kratos.yml (self-hosted) or give it to `ory patch identity-config` (Ory Network).',
    `# Filled in by \`gatehouse print ory --provider ${provider}\`; the bodies are jsonnet/*.jsonnet of this version.`,
    placeholder
      ? '# To change: CHANGE-ME, everywhere, for ORY_WEBHOOK_SECRET (Kratos expands no variables), or print --with-secret.'
      : '# It holds ORY_WEBHOOK_SECRET: keep it as you keep a password.',
  ].join('\n');
}

function templateFile(name: string): string {
  return shippedFile(`jsonnet/${name}.jsonnet`);
}

function inlined(source: string): string {
  return `base64://${Buffer.from(source).toString('base64')}`;
}

function chosenProvider({ organizations }: Config, wanted: string | undefined): string {
  const served = organizations.filter(({ ory }) => ory).map(({ provider: { provider } }) => provider);
  if (served.length === 0)
    throw new Error('no organization serves Ory: set ory: true for one of them in gatehouse.yaml');
  const list = served.join(', ');
  if (wanted === undefined) {
    if (served.length > 1) throw new WrongUse(`several providers serve Ory: --provider is one of ${list}`);
    return served[0] ?? '';
  }
  if (!served.some(provider => provider === wanted))
    throw new Error(`no organization with ory: true uses ${wanted}; there is ${list}`);
  return wanted;
}

function hooksAt({ ory, urls, privateListener }: Config): string {
  if (ory.hooks === 'public') return urls.webhook;
  return `${privateListener.tls ? 'https' : 'http'}://${reachedAt(privateListener)}`;
}

function notesOf({ ory, front, publicListener }: Config): string[] {
  const exposed = ory.hooks === 'public' && front === 'direct' && publicListener.tls.mode === 'self-signed';
  return [
    ...(ory.webhookSecrets.length === 0 ? [unset] : []),
    ...(exposed ? ['the certificate is self-signed: Kratos trusts only authorities of its system'] : []),
    ...(ory.hooks === 'private'
      ? ['these URLs are for a Kratos on this machine; for any other set ory.hooks: public']
      : []),
  ];
}
