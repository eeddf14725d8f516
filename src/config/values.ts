/** Readers of single values: each takes what the file or the environment held and gives the value or throws a Refusal. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { listed, nearest } from './nearest.js';
import { Refusal } from './problems.js';

/** Reads one raw value. @throws {Refusal} */
export type Reader<T> = (raw: unknown) => T;

/** A text that fits the pattern; `example` completes "write …". */
export function text(what: string, pattern: RegExp, example: string): Reader<string> {
  return raw => {
    if (typeof raw === 'number')
      throw new Refusal('was read as a number', `put it in quotes: ${what}, such as ${example}`);
    if (raw === null || raw === undefined || raw === '')
      throw new Refusal('is empty', `write ${what}, such as ${example}, or remove the line`);
    if (typeof raw !== 'string' || !pattern.test(raw))
      throw new Refusal(`is not ${what}`, `write ${what}, such as ${example}`);
    return raw;
  };
}

/** `true` or `false`, nothing that merely looks like it. */
export const flag: Reader<boolean> = raw => {
  if (typeof raw !== 'boolean')
    throw new Refusal('is neither true nor false', 'write true or false, without quotes');
  return raw;
};

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): Reader<number> {
  return raw => {
    const remedy = `write a whole number from ${least} to ${most}`;
    if (typeof raw !== 'number' || !Number.isInteger(raw)) throw new Refusal('is not a whole number', remedy);
    if (raw < least || raw > most) throw new Refusal('is out of range', remedy);
    return raw;
  };
}

/** One of a few words; with `upperCase` the case of what was written does not matter. */
export function oneOf<const Word extends string>(words: readonly Word[], upperCase = false): Reader<Word> {
  return raw => {
    const word = typeof raw === 'string' ? (upperCase ? raw.trim().toUpperCase() : raw) : '';
    const found = words.find(known => known === word);
    if (found !== undefined) return found;
    const near = nearest(word, words);
    throw new Refusal(
      words.length === 1 ? `is not ${words[0]}` : `is not one of ${listed(words, 'or')}`,
      // two letters are near to any other two: then all are named
      near === undefined || near.length < 4 ? `write ${listed(words, 'or')}` : `did you mean ${near}?`,
    );
  };
}

/** Whether a host name or address of a URL or listener is this machine itself. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost') return true;
  return isIP(bare) !== 0 && ipaddr.process(bare).range() === 'loopback';
}

/** How a URL is judged: what it may carry beyond scheme, host and port. */
export interface UrlRule {
  readonly path: 'none' | 'allowed';
  /** where plain http is let through; `anywhere` is warned about later */
  readonly http: 'never' | 'loopback' | 'anywhere';
  readonly example: string;
}

/** A base URL, given back without its trailing slash. Credentials, queries and fragments have no place in one. */
export function url(rule: UrlRule): Reader<string> {
  return raw => {
    const remedy = `write an https URL, such as ${rule.example}`;
    if (raw === null || raw === undefined || raw === '')
      throw new Refusal('is empty', `${remedy}, or remove the line`);
    const parsed = typeof raw === 'string' && /^https?:\/\/[^\s\\]+$/i.test(raw) ? safeUrl(raw) : null;
    if (parsed === null) throw new Refusal('is not a URL', remedy);
    if (parsed.username !== '' || parsed.password !== '')
      throw new Refusal(
        'carries a user name or password',
        `${remedy}; secrets are named, never written here`,
      );
    if (parsed.search !== '' || parsed.hash !== '' || /[?#]/.test(String(raw)))
      throw new Refusal('carries a query or fragment', `write only the base, such as ${rule.example}`);
    if (parsed.protocol === 'http:' && rule.http === 'never') throw new Refusal('is plain http', remedy);
    if (parsed.protocol === 'http:' && rule.http === 'loopback' && !isLoopback(parsed.hostname))
      throw new Refusal(
        'is plain http to another machine',
        `${remedy}; http is only for this machine itself`,
      );
    if (rule.path === 'none' && parsed.pathname !== '/')
      throw new Refusal('has a path', `write only scheme, host and port, such as ${rule.example}`);
    return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
  };
}

function safeUrl(raw: string): URL | null {
  return URL.canParse(raw) ? new URL(raw) : null;
}

/** The address a listener binds: an IP address or `localhost`. */
export const listenAddress: Reader<string> = raw => {
  if (typeof raw === 'string' && (isIP(raw) !== 0 || raw === 'localhost')) return raw;
  throw new Refusal(
    'is not an address of this machine',
    'write an IP address, such as 127.0.0.1 or 0.0.0.0, in quotes if it has colons',
  );
};

/** An address, or a network in CIDR form; the whole internet is not a proxy. */
export const network: Reader<string> = raw => {
  const remedy = 'write an address or a network, such as 127.0.0.1 or 10.20.0.0/16';
  const [address = '', bits] = typeof raw === 'string' ? raw.split('/', 2) : [];
  const known = isIP(address) !== 0 && (bits === undefined || ipaddr.isValidCIDR(String(raw)));
  if (!known) throw new Refusal('is neither an address nor a network', remedy);
  if (Number(bits) === 0)
    throw new Refusal('is everybody', `${remedy}; believing everybody lets anyone choose their address`);
  return String(raw);
};

/** SHA-256 of a certificate, given back as lower-case hex without colons. */
export const fingerprint: Reader<string> = raw => {
  const hex = typeof raw === 'string' ? raw.replaceAll(':', '').toLowerCase() : '';
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new Refusal(
    'is not a SHA-256 fingerprint',
    'write the 64 hex digits that `openssl x509 -noout -fingerprint -sha256` prints, with or without colons',
  );
};

/** A secret is named, never written: `{secret: NAME}`. */
export interface SecretName {
  readonly secret: string;
}

/** Reads `{secret: NAME}`; whatever else stands there may be the secret itself and is never repeated. */
export function secretName(example: string): Reader<SecretName> {
  const remedy = `write {secret: ${example}} and put the value into the environment, a file or the credentials folder`;
  return raw => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
      throw new Refusal(
        'holds a value where the name of a secret belongs',
        `${remedy}; change a secret that stood in a file`,
      );
    const name = 'secret' in raw ? raw.secret : undefined;
    if (Object.keys(raw).length !== 1 || name === undefined)
      throw new Refusal('does not name a secret', remedy);
    if (typeof name !== 'string' || !/^[A-Z][A-Z0-9_]{1,79}$/.test(name))
      throw new Refusal('does not name a secret by capital letters, digits and _', remedy);
    return { secret: name };
  };
}
