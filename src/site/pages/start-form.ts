import { amountOf } from '../../domain/duration.js';
import { type Html, type HtmlValue, html } from '../html.js';
import { icons } from './icons.js';
import { address, namesAt, type Place, textsAt } from './place.js';

/** Whether the customer has yet to accept the vendor's notice. */
export function consentDue(place: Place): boolean {
  return place.view.consentNeeded && !place.view.consentGiven;
}

function noticeLinks(place: Place): HtmlValue {
  const { notices } = place.view.vendor;
  if (!notices) return null;
  const { consent, opensNewTab } = textsAt(place);
  const link = (url: string, name: string) =>
    html`<li><a href="${url}" target="_blank" rel="noopener">${name}<span class="aside"> (${opensNewTab})</span></a></li>`;
  return html`<p id="consent-notices">${consent.noticesTitle(namesAt(place))}:</p>
<ul class="links" aria-labelledby="consent-notices">${link(notices.biometrics, consent.notices.biometrics)}${link(
    notices.privacy,
    consent.notices.privacy,
  )}${link(notices.terms, consent.notices.terms)}</ul>`;
}

function consentBox(place: Place, missing: boolean): Html {
  const { consent } = textsAt(place);
  const faulty = missing && html` aria-invalid="true" aria-describedby="consent-missing" autofocus`;
  return html`<fieldset class="consent${missing && ' faulty'}">
<legend>${consent.title}</legend>
${noticeLinks(place)}
<label class="tick"><input type="checkbox" name="consent" value="yes" required${faulty}><span>${consent.label(namesAt(place))}</span></label>
${missing && html`<p class="fault" id="consent-missing" role="alert">${icons.info}<span>${consent.missing}</span></p>`}
</fieldset>`;
}

/** The form that begins a capture, with the consent where it is due. */
export function startForm(place: Place, button: string, consentMissing: boolean): Html {
  return html`<form class="start" method="post" action="${address(place, '/start')}">
${consentDue(place) && consentBox(place, consentMissing)}
<p class="hint">${icons.clock}<span>${textsAt(place).welcome.timeLeft(amountOf(place.view.minutesLeft))}</span></p>
<button class="button primary" type="submit">${button}</button>
</form>`;
}

/** For who took all photos but never came to the end, e.g. because the phone switched pages. */
export function finishedForm(place: Place): Html {
  return html`<form method="post" action="${address(place, '/submit')}">
<button class="button quiet" type="submit">${textsAt(place).actions.finished}</button>
</form>`;
}
