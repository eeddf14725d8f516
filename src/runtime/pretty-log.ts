interface Sink {
  write(line: string): unknown;
}

const colours: Readonly<Record<string, string>> = {
  debug: '\x1b[2m',
  info: '\x1b[32m',
  warn: '\x1b[33m',
  error: '\x1b[31m',
};
const plain = '\x1b[0m';

/** Turns lines of the JSON log into lines for a person: time, level, message, fields; an error's stack below. */
export function createPrettyPrinter(sink: Sink, coloured: boolean): Sink {
  return { write: line => sink.write(format(JSON.parse(line) as Record<string, unknown>, coloured)) };
}

function format(entry: Record<string, unknown>, coloured: boolean): string {
  const { level, time, message, err, ...fields } = entry;
  const word = String(level);
  const label = coloured ? `${colours[word] ?? ''}${word.padEnd(5)}${plain}` : word.padEnd(5);
  const shown = Object.entries(fields).map(([name, value]) => ` ${name}=${show(value)}`);
  const clock = String(time).slice(11, 23);
  return `${clock} ${label} ${printable(String(message))}${shown.join('')}${formatError(err)}\n`;
}

function formatError(err: unknown): string {
  if (err === undefined) return '';
  const { stack, cause } = (typeof err === 'object' && err !== null ? err : {}) as {
    stack?: unknown;
    cause?: unknown;
  };
  if (typeof stack !== 'string') return ` err=${show(err)}`;
  const lines = stack.split('\n').map(line => `\n    ${printable(line)}`);
  return lines.join('') + (cause === undefined ? '' : `\n    caused by:${formatError(cause)}`);
}

function show(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'undefined';
  return /^[\w.:/@+…-]+$/.test(value) ? value : JSON.stringify(value);
}

/** Control characters would let a stranger's input write on the operator's terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
