import { type Screen, wrap } from './screen.js';

const phoneWidth = 56;

/** A text message as it would stand on a phone. */
export function messageBox(
  { to, body }: { readonly to: string; readonly body: string },
  screen: Screen,
  margin: number,
): string[] {
  const room = screen.width - 4;
  // on narrow screens nearer to the edge, so that a link keeps to one line
  const indent = ' '.repeat(Math.max(0, Math.min(margin, room - phoneWidth)));
  const inner = Math.min(phoneWidth, room);
  const edge = (text: string) => screen.tint('cyan', text);
  const title = ` ${to} `;
  return [
    `${indent}${edge(`╭─${title}${'─'.repeat(Math.max(0, inner - title.length + 1))}╮`)}`,
    ...wrap(body, inner).map(line => `${indent}${edge('│')} ${line.padEnd(inner)} ${edge('│')}`),
    `${indent}${edge(`╰${'─'.repeat(inner + 2)}╯`)}`,
  ];
}
