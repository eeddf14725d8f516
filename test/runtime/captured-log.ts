import { createLog, type Log } from '../../src/runtime/log.js';

/** A real JSON log whose lines a test can read. */
export function captureLog(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  const log: Log = createLog({ level, format: 'json', destination: { write: line => lines.push(line) } });
  return {
    log,
    /** everything written so far, as one text to search for what must not be there */
    text: () => lines.join(''),
    entries: () => lines.map(line => JSON.parse(line) as Record<string, unknown>),
    messages: () => lines.map(line => String((JSON.parse(line) as { message: unknown }).message)),
  };
}
