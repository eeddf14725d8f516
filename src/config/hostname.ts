import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Refusal } from './problems.js';

const remedy = 'write the full public name alone on one line, such as kyc.example.net';

/** The content of `config/hostname`: one line, one full name, given back in lower case. @throws {Refusal} */
export function readHostname(content: string): string {
  const lines = content
    .replace(/^\uFEFF/, '')
    .replace(/(?:\r?\n)+$/, '')
    .split(/\r?\n/);
  if (lines.length > 1) throw new Refusal('has more than one line', remedy);
  const name = lines[0] ?? '';
  if (name.trim() === '') throw new Refusal('is empty', remedy);
  if (name !== name.trim()) throw new Refusal('has spaces around the name', remedy);
  return checkHostname(name);
}

/** A public host name as such. @throws {Refusal} */
export function checkHostname(name: string): string {
  if (/\s/.test(name)) throw new Refusal('has a space in it', remedy);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name))
    throw new Refusal('begins with a scheme', `remove it; ${remedy}`);
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0)
    throw new Refusal('is an IP address', `${remedy}: certificates and providers need a name`);
  if (/:\d*$/.test(name))
    throw new Refusal('has a port', `remove it; ports are set in gatehouse.yaml; ${remedy}`);
  if (name.includes('/')) throw new Refusal('has a path', `remove it; ${remedy}`);
  if (name.includes('*')) throw new Refusal('has a wildcard', remedy);
  if (name.endsWith('.')) throw new Refusal('ends with a dot', 'remove the dot');
  if (/[^\x21-\x7e]/.test(name))
    throw new Refusal('has letters beyond ASCII', `write its DNS form${dnsForm(name)}`);
  if (name.toLowerCase() === 'localhost') return 'localhost';
  if (!name.includes('.')) throw new Refusal('is not a full name: it has no dot', remedy);
  const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;
  if (name.length > 253 || !name.split('.').every(part => label.test(part)) || /\.\d+$/.test(name))
    throw new Refusal('is not a host name', remedy);
  return name.toLowerCase();
}

function dnsForm(name: string): string {
  const ascii = domainToASCII(name);
  return ascii === '' ? ', which begins with xn--' : `, ${ascii}`;
}
