/** First bytes of what may come; a missing byte in a pattern is `null`. */
const signatures: readonly (readonly [string, readonly (number | null)[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['application/pdf', [...Buffer.from('%PDF-')]],
  ['video/mp4', [null, null, null, null, ...Buffer.from('ftyp')]],
  ['image/webp', [...Buffer.from('RIFF'), null, null, null, null, ...Buffer.from('WEBP')]],
];

/** What the bytes are, whatever they were called; `application/octet-stream` if none of what is expected. */
export function sniffContentType(bytes: Buffer): string {
  const found = signatures.find(([, pattern]) =>
    pattern.every((byte, index) => (byte === null ? index < bytes.length : bytes[index] === byte)),
  );
  return found?.[0] ?? 'application/octet-stream';
}
