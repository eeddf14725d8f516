import { type Html, html } from '../html.js';
import type { Step } from '../texts/texts.js';
import { icons } from './icons.js';
import { document } from './layout.js';
import { namesAt, type Place, textsAt } from './place.js';
import { startForm } from './start-form.js';

function stepList(steps: readonly [Step, Step, Step]): Html {
  const signs = [icons.document, icons.selfie, icons.answer];
  const entries = steps.map(
    (step, index) =>
      html`<li class="step"><span class="step-sign">${signs[index]}</span><span class="step-text"><strong>${step.title}</strong><span>${step.text}</span></span></li>`,
  );
  return html`<ol class="steps">${entries}</ol>`;
}

/** Who asks, what will happen, what is needed, what happens to the photos, and the button. */
export function welcomePage(place: Place, consentMissing = false): string {
  const { welcome, actions } = textsAt(place);
  const names = namesAt(place);
  const main = html`<div class="card">
<h1>${welcome.title}</h1>
<p class="lead">${welcome.lead(names)}</p>
<p class="chip">${icons.clock}<span>${welcome.duration}</span></p>
<h2>${welcome.stepsTitle}</h2>
${stepList(welcome.steps)}
<h2>${welcome.needsTitle}</h2>
<ul class="tips ticks">${welcome.needs.map(need => html`<li>${need}</li>`)}</ul>
<section class="privacy"><h2>${icons.lock}<span>${welcome.privacyTitle}</span></h2>
${welcome.privacy(names).map(sentence => html`<p>${sentence}</p>`)}</section>
${startForm(place, actions.start, consentMissing)}
</div>`;
  const { language, view } = place;
  return document({
    language,
    name: 'welcome',
    title: welcome.title,
    organization: view.organization.name,
    main,
  });
}
