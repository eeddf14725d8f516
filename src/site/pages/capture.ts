import { assetUrl } from '../assets.js';
import { type Html, type HtmlValue, html } from '../html.js';
import { captureLanguages } from '../languages.js';
import { icons } from './icons.js';
import { document } from './layout.js';
import { hiddenPanel } from './message.js';
import { address, namesAt, type Place, textsAt } from './place.js';

// Shown in place, because a browser without connection or a provider that is down cannot load a help page.
function panels(place: Place): HtmlValue {
  const { messages, actions } = textsAt(place);
  const names = namesAt(place);
  const again = html`<button class="button primary" type="button" data-retry>${actions.tryAgain}</button>`;
  return [
    hiddenPanel('offline', messages.help_offline(names), again),
    hiddenPanel('busy', messages.busy(names), again),
    hiddenPanel('error', messages.help_error(names), again),
  ];
}

function withoutScript(place: Place): Html {
  return html`<noscript><p class="banner">${icons.info}<span>${textsAt(place).capture.withoutScript}</span></p></noscript>`;
}

function helpLinks(place: Place): Html {
  const { capture } = textsAt(place);
  const entries = (['camera', 'browser', 'offline'] as const).map(
    topic => html`<li><a href="${address(place, `/help/${topic}`)}">${capture.help[topic]}</a></li>`,
  );
  return html`<nav class="help" aria-labelledby="help-title"><p id="help-title">${capture.helpTitle}</p><ul class="links">${entries}</ul></nav>`;
}

// Ours comes first and blocks, so that it sees the vendor's script arrive or fail.
function scripts(place: Place): Html {
  return html`<script src="${assetUrl('capture.js')}"></script>
<script id="vendor-script" src="${place.view.capture.scriptUrl}" charset="utf-8" async></script>`;
}

/** The page that holds the vendor's capture. All it needs lies in `data-` attributes: nothing is inline. */
export function capturePage(place: Place): string {
  const { capture } = textsAt(place);
  const base = `/v/${encodeURIComponent(place.linkId)}`;
  const main = html`<div id="capture" data-base="${base}" data-lang="${place.language}" data-capture-language="${captureLanguages[place.language]}">
<h1>${capture.title}</h1>
<p class="banner" id="capture-offline" role="alert" hidden>${icons.info}<span>${capture.offline}</span></p>
<p class="wait" id="capture-wait" role="status" data-slow="${capture.slow}" data-sending="${capture.sending}" hidden><span class="spinner" aria-hidden="true"></span><span id="capture-wait-text">${capture.loading}</span></p>
${withoutScript(place)}
<div id="capture-mount"></div>
${panels(place)}
</div>
${helpLinks(place)}`;
  return document({
    language: place.language,
    name: 'capture',
    title: capture.title,
    organization: place.view.organization.name,
    main,
    end: scripts(place),
    wide: true,
  });
}
