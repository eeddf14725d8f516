import { type Html, html } from '../html.js';

function icon(paths: Html): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`;
}

/** Line drawings; decoration only, the words beside them say everything. */
export const icons = {
  check: icon(html`<path d="M5 12.5l4.5 4.5L19 7.5"/>`),
  clock: icon(html`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`),
  eye: icon(html`<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L20.5 20.5"/>`),
  again: icon(html`<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3"/><path d="M19.8 3.5v4h-4"/>`),
  info: icon(html`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.2"/><path d="M12 7.7v.1"/>`),
  stop: icon(html`<circle cx="12" cy="12" r="8.5"/><path d="M8.3 12h7.4"/>`),
  document: icon(
    html`<rect x="3" y="5" width="18" height="14" rx="2.5"/><circle cx="8.5" cy="11" r="2"/><path d="M5.8 15.8c.5-1.4 1.5-2 2.7-2s2.2.6 2.7 2"/><path d="M14.5 10h3.5M14.5 14h3.5"/>`,
  ),
  selfie: icon(
    html`<path d="M4 8V6a2 2 0 0 1 2-2h2M16 4h2a2 2 0 0 1 2 2v2M20 16v2a2 2 0 0 1-2 2h-2M8 20H6a2 2 0 0 1-2-2v-2"/><circle cx="12" cy="10" r="2.7"/><path d="M7.5 16.5c.8-2 2.5-3 4.5-3s3.7 1 4.5 3"/>`,
  ),
  answer: icon(
    html`<path d="M20 11.5a7.5 7.5 0 0 1-11 6.6L4.5 19.5 6 15.2a7.5 7.5 0 1 1 14-3.7z"/><path d="M9.3 11.7l2 2 3.6-3.8"/>`,
  ),
  lock: icon(
    html`<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>`,
  ),
  globe: icon(
    html`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17"/><path d="M12 3.5c2.6 2.5 3.7 5.3 3.7 8.5s-1.1 6-3.7 8.5c-2.6-2.5-3.7-5.3-3.7-8.5s1.1-6 3.7-8.5z"/>`,
  ),
  camera: icon(
    html`<path d="M4.5 8h3l1.5-2.5h6L16.5 8h3A1.5 1.5 0 0 1 21 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-8A1.5 1.5 0 0 1 4.5 8z"/><circle cx="12" cy="13.2" r="3.3"/>`,
  ),
} as const;
