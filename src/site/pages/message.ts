import { type Html, type HtmlValue, html } from '../html.js';
import type { Message } from '../texts/texts.js';
import { icons } from './icons.js';

/** What a message feels like; colours and sign follow from it. */
export type Tone = 'good' | 'waiting' | 'again' | 'neutral' | 'info' | 'camera' | 'looking';

const signs: Readonly<Record<Tone, Html>> = {
  good: icons.check,
  waiting: icons.clock,
  looking: icons.eye,
  again: icons.again,
  neutral: icons.stop,
  info: icons.info,
  camera: icons.camera,
};

function paragraphs(texts: readonly string[] = []): Html {
  return html`${texts.map(text => html`<p>${text}</p>`)}`;
}

/** A list of things to do. */
export function tipList(tips: readonly string[] | undefined): HtmlValue {
  return tips && html`<ul class="tips">${tips.map(tip => html`<li>${tip}</li>`)}</ul>`;
}

/** A message as the whole content of a page, its actions last. */
export function messageCard(message: Message, tone: Tone, actions?: HtmlValue): Html {
  return html`<div class="card message tone-${tone}">
<span class="sign">${signs[tone]}</span>
<h1>${message.title}</h1>
<p class="lead">${message.lead}</p>
${tipList(message.tips)}
${paragraphs(message.more)}
${actions && html`<div class="actions">${actions}</div>`}
</div>`;
}

/** A message inside a page that has its own main heading; hidden until a script shows it. */
export function hiddenPanel(name: string, message: Message, actions: HtmlValue): Html {
  return html`<section class="card message tone-info" data-panel="${name}" tabindex="-1" hidden>
<h2>${message.title}</h2>
<p class="lead">${message.lead}</p>
${tipList(message.tips)}
${paragraphs(message.more)}
<div class="actions">${actions}</div>
</section>`;
}
