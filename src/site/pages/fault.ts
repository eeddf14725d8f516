import type { Language } from '../../config/config.js';
import { textsOf } from '../languages.js';
import type { MessageName } from '../texts/texts.js';
import { document } from './layout.js';
import { messageCard, type Tone } from './message.js';

const tones = {
  unknown_link: 'info',
  resume_over: 'waiting',
  too_many: 'waiting',
  foreign_request: 'info',
  trouble: 'info',
} as const satisfies Partial<Record<MessageName, Tone>>;

/** A page that is about no link in particular: it names no organization and is the same for every link. */
export function faultPage(fault: keyof typeof tones, language: Language): string {
  const message = textsOf[language].messages[fault]({ organization: '', vendor: '' });
  const main = messageCard(message, tones[fault]);
  return document({ language, name: fault, title: message.title, main });
}
