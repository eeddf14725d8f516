/** A `.properties` file as CAS keeps its settings (Java's rules): what it says and on which line. */
export interface Property {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/**
 * Reads `key=value`, `key: value` and `key value`; `#` and `!` begin comment lines, a backslash escapes the next
 * character (`https\://…`) or joins the next line. Keys that come twice are both given back.
 */
export function parseProperties(text: string): Property[] {
  return logicalLines(text).map(({ text: line, number }) => {
    const end = line.search(/(?<!(?:^|[^\\])(?:\\\\)*\\)[=:\s]/);
    const key = end < 0 ? line : line.slice(0, end);
    const value = end < 0 ? '' : line.slice(end).replace(/^\s*[=:]?\s*/, '');
    return { key: unescaped(key), value: unescaped(value).trimEnd(), line: number };
  });
}

function logicalLines(text: string): { text: string; number: number }[] {
  const joined: { text: string; number: number }[] = [];
  let open: { text: string; number: number } | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.replace(/^\s+/, '');
    if (open === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const current = open ?? { text: '', number: index + 1 };
    const continues = /(?<!\\)(?:\\\\)*\\$/.test(line);
    current.text += continues ? line.slice(0, -1) : line;
    open = continues ? current : undefined;
    if (!continues) joined.push(current);
  }
  if (open !== undefined) joined.push(open);
  return joined;
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/g,
    (_whole, code: string | undefined, one: string | undefined) =>
      code === undefined ? (escapes[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
