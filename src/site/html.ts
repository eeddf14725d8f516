/** Markup that may be sent as it is. Only {@link html} makes it, so text from outside can never pass for it. */
export interface Html {
  readonly [markup]: string;
}

const markup = Symbol('markup');

/** What a template may hold. `false`, `null` and `undefined` leave nothing, so that `condition && html…` reads well. */
export type HtmlValue = string | number | Html | readonly HtmlValue[] | false | null | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '');
}

function isHtml(value: object): value is Html {
  return markup in value;
}

function asMarkup(value: HtmlValue): string {
  if (value === false || value === null || value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (isHtml(value)) return value[markup];
  return value.map(asMarkup).join('');
}

/**
 * A template whose values are escaped unless they are markup themselves. Values belong into text or into quoted
 * attributes; there is deliberately no way to insert a string unescaped.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = parts.reduce((whole, part, index) => whole + asMarkup(values[index - 1]) + part);
  return { [markup]: text };
}

/** The markup as text, for the answer's body. */
export function rendered(page: Html): string {
  return page[markup];
}
