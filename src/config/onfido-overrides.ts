import { contentOf } from './folders.js';
import { listed, nearest, quotable } from './nearest.js';
import { type Ledger, Refusal } from './problems.js';
import { parseProperties } from './properties.js';
import { url } from './values.js';

/** A base URL of `config/onfido` and the line it stands on. */
export interface Override {
  readonly url: string;
  readonly origin: string;
}

/** What the CAS-style file sets; both may be absent, as may the file. */
export interface OnfidoOverrides {
  readonly webhook?: Override;
  readonly submit?: Override;
}

const fields = { 'webhook.onfido': 'webhook', 'webhook.verificationSite': 'submit' } as const;
const readBase = url({ path: 'none', http: 'never', example: 'https://kyc.example.net:8743' });

/** Reads `config/onfido`. */
export function readOnfidoOverrides(path: string, name: string, ledger: Ledger): OnfidoOverrides {
  const found: { webhook?: Override; submit?: Override } = {};
  const text = ledger.attempt(name, '', () => contentOf(path)) ?? '';
  for (const { key, value, line } of parseProperties(text)) {
    const origin = `${name}:${line}`;
    ledger.attempt(origin, quotable(key) ?? '(a key that is no name)', () => {
      const field = fieldOf(key);
      if (found[field] !== undefined) throw new Refusal('is there twice', 'keep one of them');
      found[field] = { url: readBase(value), origin };
    });
  }
  return found;
}

function fieldOf(key: string): 'webhook' | 'submit' {
  if (Object.hasOwn(fields, key)) return fields[key as keyof typeof fields];
  const near = nearest(key, Object.keys(fields));
  throw new Refusal(
    'is not a known key',
    near === undefined ? `known here: ${listed(Object.keys(fields))}` : `did you mean ${near}?`,
  );
}
