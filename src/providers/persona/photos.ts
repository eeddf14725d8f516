/**
 * Where a verification keeps its photos. The URLs open them to anybody for some hours, so they are used at once and
 * never kept: what is remembered is the verification and the page.
 */
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';

/** `center_photo` of selfies is `center`. */
function pageName(value: unknown): string {
  return (asText(value) ?? '').replace(/_photo$/, '');
}

const pages = ['front', 'back', 'center', 'left', 'right'];

/** The address of one page's photo, as Persona gave it, if there is one. */
export function photoUrlOf(attributes: JsonRecord, page: string): string | undefined {
  const listed = asList(field(attributes, 'photo-urls'))
    .map(asRecord)
    .find(photo => pageName(field(photo, 'page')) === page);
  return asText(field(listed ?? {}, 'url')) ?? asText(field(attributes, `${page}-photo-url`));
}

/** The pages there is a photo of. */
export function pagesOf(attributes: JsonRecord): string[] {
  return pages.filter(page => photoUrlOf(attributes, page) !== undefined);
}
