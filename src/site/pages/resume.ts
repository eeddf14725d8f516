import type { Language } from '../../config/config.js';
import { html } from '../html.js';
import { textsOf } from '../languages.js';
import { document } from './layout.js';
import { messageCard } from './message.js';
import { address } from './place.js';

/** The page behind a link that a blocked login was given. It says nothing of whose it is before the button is tapped. */
export function resumePage(token: string, language: Language): string {
  const { messages, actions } = textsOf[language];
  const message = messages.resume({ organization: '', vendor: '' });
  const form = html`<form method="post" action="${address({ linkId: token, language })}">
<button class="button primary" type="submit">${actions.goOn}</button>
</form>`;
  return document({
    language,
    name: 'resume',
    title: message.title,
    main: messageCard(message, 'info', form),
  });
}
