import { html } from '../html.js';
import type { MessageName } from '../texts/texts.js';
import { document } from './layout.js';
import { messageCard, type Tone } from './message.js';
import { address, namesAt, type Place, textsAt } from './place.js';

const topics = {
  camera: { text: 'help_camera', tone: 'camera' },
  offline: { text: 'help_offline', tone: 'info' },
  browser: { text: 'help_browser', tone: 'info' },
  expired: { text: 'expired', tone: 'waiting' },
  error: { text: 'help_error', tone: 'info' },
  consent: { text: 'help_consent', tone: 'neutral' },
} as const satisfies Record<string, { text: MessageName; tone: Tone }>;

/** What there is help about. */
export type HelpTopic = keyof typeof topics;

/** Whether a word of the address is a topic. */
export function isHelpTopic(word: string): word is HelpTopic {
  return Object.hasOwn(topics, word);
}

function wayOut(topic: HelpTopic, place: Place) {
  if (topic === 'expired') return null;
  const { actions } = textsAt(place);
  const canGoOn = place.view.state === 'capturing' && topic !== 'consent';
  return canGoOn
    ? html`<a class="button primary" href="${address(place, '/capture')}">${actions.tryAgain}</a>`
    : html`<a class="button primary" href="${address(place)}">${actions.toStart}</a>`;
}

/** What to do when a capture does not work. */
export function helpPage(topic: HelpTopic, place: Place): string {
  const { text, tone } = topics[topic];
  const message = textsAt(place).messages[text](namesAt(place));
  return document({
    language: place.language,
    name: `help-${topic}`,
    title: message.title,
    organization: place.view.organization.name,
    main: messageCard(message, tone, wayOut(topic, place)),
  });
}
