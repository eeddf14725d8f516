import type { Language } from '../../config/config.js';
import type { SiteView } from '../journey.js';
import { textsOf } from '../languages.js';
import type { Names, SiteTexts } from '../texts/texts.js';

/** One link seen in one language: what every page about a known link is made from. */
export interface Place {
  readonly linkId: string;
  readonly view: SiteView;
  readonly language: Language;
}

/** An address below the link that keeps the language. */
export function address(place: Pick<Place, 'linkId' | 'language'>, below = ''): string {
  return `/v/${encodeURIComponent(place.linkId)}${below}?lang=${place.language}`;
}

/** The texts in the place's language. */
export function textsAt(place: Place): SiteTexts {
  return textsOf[place.language];
}

/** The names sentences may mention. */
export function namesAt(place: Place): Names {
  return { organization: place.view.organization.name, vendor: place.view.vendor.name };
}
