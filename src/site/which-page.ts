import { familyOf } from '../domain/results.js';
import type { SiteView } from './journey.js';
import type { MessageName } from './texts/texts.js';

/** The page a link shows. Every name but `welcome` is also the name of its text. */
export type PageName =
  | 'welcome'
  | Exclude<MessageName, 'unknown_link' | `resume${string}` | `help_${string}`>;

function rejectedPage(view: SiteView): PageName {
  // A person may have turned down what the machine found acceptable: then there is no reason to tell.
  if (view.result === undefined || familyOf(view.result) !== 'rejected') return 'rejected';
  if (view.result === 'REJECTED_IMAGE_INTEGRITY') return 'retry_pictures';
  return view.result === 'REJECTED_AGE_VALIDATION' ? 'retry_age' : 'retry_document';
}

function donePage(view: SiteView): PageName {
  if (view.ending === 'registered') return 'registered';
  return view.ending === 'rejected' ? rejectedPage(view) : 'awaiting';
}

/**
 * Which page says what a customer may know now. Signs of fraud get the same page as any other refusal, so that the page
 * neither accuses nor teaches. Whoever is done without a known ending is told to wait, never that all is well.
 */
export function pageOf(view: SiteView): PageName {
  if (view.state === 'ready') return view.resubmission ? 'again' : 'welcome';
  if (view.state === 'capturing') return 'continue';
  return view.state === 'done' ? donePage(view) : view.state;
}

/** Whether the page may still change by itself, so that looking again makes sense. */
export function mayChange(page: PageName): boolean {
  return page === 'submitted' || page === 'in_review' || page === 'awaiting';
}
