import { Refusal } from './problems.js';

const length = 32;
const remedy =
  'keep the key that `npx gatehouse init` made: 32 bytes as 64 hex digits or 44 characters of base64';

/** The 32 bytes from base64 (either alphabet) or hex. @throws {Refusal} without a character of it */
export function readMasterKey(text: string): Buffer {
  const isHex = /^[0-9a-f]+$/i.test(text) && text.length !== 43 && text.length !== 44;
  if (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
    throw new Refusal('is neither base64 nor hex', remedy);
  const key = Buffer.from(text, isHex ? 'hex' : 'base64');
  if (key.length !== length || (isHex && text.length !== 2 * length))
    throw new Refusal(`has ${isHex ? text.length / 2 : key.length} bytes instead of ${length}`, remedy);
  if (key.every(byte => byte === key[0])) throw new Refusal('is the same byte again and again', remedy);
  return key;
}
