import { type Logger, pino } from 'pino';
import { createPrettyPrinter } from './pretty-log.js';
import { cleanFields, cleanText } from './redact.js';
import { writeOut } from './standard-output.js';

/** What a line carries besides its message. An error goes under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * The log. Messages are fixed sentences, what varies goes into fields. Ids of ours are welcome; personal data, secrets,
 * bodies and URLs are not, and are blanked where they slip in (`redact.ts`).
 */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** a log whose lines all carry these fields */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `json`: one object a line; `pretty`: for a person's terminal */
  readonly format: 'json' | 'pretty';
  /** where lines go (default: standard output); called once a line, line end included */
  readonly destination?: { write(line: string): unknown };
}

/** A log that writes at once, so that the last words before an exit are not lost. */
export function createLog(options: LogOptions): Log {
  const sink = options.destination ?? standardOutput;
  const destination = options.format === 'pretty' ? createPrettyPrinter(sink, useColours(options)) : sink;
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      messageKey: 'message',
      // errors come described already; the library's own serializer would take them apart again
      serializers: { err: described => described },
    },
    { write: line => void destination.write(line) },
  );
  return wrap(logger);
}

/** A line that cannot be written, on a disk that is full or to nobody any more, is lost and costs nothing else. */
const standardOutput = {
  write(line: string): void {
    try {
      writeOut(line);
    } catch {
      // there is nowhere left to say so
    }
  },
};

function useColours(options: LogOptions): boolean {
  return (
    options.destination === undefined && process.stdout.isTTY === true && process.env.NO_COLOR === undefined
  );
}

function wrap(logger: Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](cleanFields(fields), cleanText(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: fields => wrap(logger.child(cleanFields(fields))),
  };
}

const nothing = () => {};

/** A log that says nothing. */
export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};
