import { assetUrl } from '../assets.js';
import { type HtmlValue, html } from '../html.js';
import { mayChange, type PageName, pageOf } from '../which-page.js';
import { document } from './layout.js';
import { messageCard, type Tone } from './message.js';
import { address, namesAt, type Place, textsAt } from './place.js';
import { finishedForm, startForm } from './start-form.js';
import { welcomePage } from './welcome.js';

const tones: Readonly<Record<Exclude<PageName, 'welcome'>, Tone>> = {
  again: 'again',
  continue: 'camera',
  submitted: 'waiting',
  in_review: 'looking',
  registered: 'good',
  awaiting: 'waiting',
  rejected: 'neutral',
  retry_pictures: 'again',
  retry_age: 'neutral',
  retry_document: 'again',
  expired: 'waiting',
  failed: 'info',
  too_many: 'waiting',
  foreign_request: 'info',
  busy: 'waiting',
  trouble: 'info',
};

function actionsOf(page: PageName, place: Place, consentMissing: boolean): HtmlValue {
  const { actions } = textsAt(place);
  if (page === 'again') return startForm(place, actions.startAgain, consentMissing);
  if (page === 'continue')
    return html`${startForm(place, actions.goOn, consentMissing)}${finishedForm(place)}`;
  if (page === 'busy' || page === 'trouble')
    return html`<a class="button primary" href="${address(place)}">${actions.tryAgain}</a>`;
  const { returnUrl } = place.view;
  return returnUrl === undefined
    ? null
    : html`<a class="button primary" href="${returnUrl}">${actions.leave}</a>`;
}

// Browsers without scripts look again by themselves; the script does so less often and stops.
function refresh(page: PageName): HtmlValue {
  const seconds = page === 'submitted' ? 15 : 60;
  return mayChange(page) && html`<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`;
}

/** Whoever comes back from the vendor's own page is shown what follows as soon as the vendor has told us. */
function isBack(page: PageName, place: Place): boolean {
  return page === 'continue' && place.view.capture.kind === 'redirect';
}

function poll(page: PageName, place: Place): HtmlValue {
  if (!mayChange(page) && !isBack(page, place)) return null;
  return html`<script src="${assetUrl('status.js')}" data-page="${page}" data-status="${address(place, '/status.json')}"></script>`;
}

/** The page that says where the customer stands; `page` overrides what the view says, for faults on the way. */
export function standingPage(place: Place, page = pageOf(place.view), consentMissing = false): string {
  if (page === 'welcome') return welcomePage(place, consentMissing);
  const message = textsAt(place).messages[page](namesAt(place));
  return document({
    language: place.language,
    name: page,
    title: message.title,
    organization: place.view.organization.name,
    main: messageCard(message, tones[page], actionsOf(page, place, consentMissing)),
    head: refresh(page),
    end: poll(page, place),
  });
}
