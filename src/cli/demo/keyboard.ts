import type { Input } from '../command.js';

/** Keys of a person at a terminal. Without a terminal nothing is ever pressed. */
export interface Keyboard {
  close(): void;
}

interface RawInput extends NodeJS.ReadableStream {
  setRawMode?(raw: boolean): unknown;
}

const controlC = '\u0003';
const controlD = '\u0004';

/** Calls `onKey` for each key, lower case; Ctrl-C and Ctrl-D come as `q`. */
export function listenToKeys(stdin: Input, onKey: (key: string) => void): Keyboard {
  if (stdin.isTTY !== true) return { close() {} };
  const input: RawInput = stdin;
  const read = (data: Buffer | string) => {
    const text = data.toString();
    // arrow and function keys come as a sequence that begins with escape
    if (text.startsWith('\u001b')) return;
    for (const key of text) onKey(key === controlC || key === controlD ? 'q' : key.toLowerCase());
  };
  input.setRawMode?.(true);
  input.on('data', read);
  input.resume();
  return {
    close() {
      input.off('data', read);
      input.setRawMode?.(false);
      input.pause();
    },
  };
}
