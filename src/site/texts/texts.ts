/** What every language has to say. A text that is missing in one language does not compile. */

import type { Amount } from '../../domain/duration.js';

/** Names that appear inside sentences. */
export interface Names {
  readonly organization: string;
  readonly vendor: string;
}

/** A page that tells the customer one thing and what to do about it. */
export interface Message {
  readonly title: string;
  readonly lead: string;
  readonly more?: readonly string[];
  /** a list of things to do or to look after */
  readonly tips?: readonly string[];
}

/** The pages that are a message. */
export type MessageName =
  | 'again'
  | 'continue'
  | 'submitted'
  | 'in_review'
  | 'registered'
  | 'awaiting'
  | 'rejected'
  | 'retry_pictures'
  | 'retry_age'
  | 'retry_document'
  | 'expired'
  | 'failed'
  | 'unknown_link'
  | 'resume'
  | 'resume_over'
  | 'too_many'
  | 'foreign_request'
  | 'busy'
  | 'trouble'
  | 'help_camera'
  | 'help_offline'
  | 'help_browser'
  | 'help_error'
  | 'help_consent';

/** One of the three things that will happen. */
export interface Step {
  readonly title: string;
  readonly text: string;
}

export interface SiteTexts {
  /** the language's own name, for the switch */
  readonly languageName: string;
  readonly chooseLanguage: string;
  readonly skipToContent: string;
  /** stands where the organization's name would, when no organization is to be shown */
  readonly site: string;
  readonly keepToYourself: string;
  readonly opensNewTab: string;
  readonly actions: {
    readonly start: string;
    readonly startAgain: string;
    readonly goOn: string;
    readonly finished: string;
    readonly tryAgain: string;
    readonly toStart: string;
    /** to the application that sent the customer here */
    readonly leave: string;
  };
  readonly welcome: {
    readonly title: string;
    readonly lead: (names: Names) => string;
    readonly duration: string;
    readonly stepsTitle: string;
    readonly steps: readonly [Step, Step, Step];
    readonly needsTitle: string;
    readonly needs: readonly string[];
    readonly privacyTitle: string;
    readonly privacy: (names: Names) => readonly [string, string];
    readonly timeLeft: (left: Amount) => string;
  };
  readonly consent: {
    readonly title: string;
    readonly label: (names: Names) => string;
    readonly noticesTitle: (names: Names) => string;
    readonly notices: { readonly biometrics: string; readonly privacy: string; readonly terms: string };
    readonly missing: string;
  };
  readonly capture: {
    readonly title: string;
    readonly loading: string;
    readonly slow: string;
    readonly sending: string;
    readonly offline: string;
    readonly withoutScript: string;
    readonly helpTitle: string;
    readonly help: { readonly camera: string; readonly browser: string; readonly offline: string };
  };
  readonly messages: Readonly<Record<MessageName, (names: Names) => Message>>;
}
