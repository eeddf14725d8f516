/** What customers intend, and what must have become of them in the end: written down before anything happens. */
import type { OutcomeName as JumioOutcome } from '../../src/simulators/jumio/index.js';
import type { OutcomeName as OnfidoOutcome } from '../../src/simulators/onfido/index.js';
import type { OutcomeName as PersonaOutcome } from '../../src/simulators/persona/index.js';
import type { Dice } from './dice.js';
import type { OrganizationId } from './world.js';

export type OutcomeName = OnfidoOutcome | PersonaOutcome | JumioOutcome;

/** How far a customer goes. */
export type Habit =
  /** all the way */
  | 'finishes'
  /** takes the pictures, and the page never says so, or never comes back from the vendor's */
  | 'never_submits'
  /** opens the camera and goes away */
  | 'walks_away'
  /** never opens the link */
  | 'ignores';

export interface Plan {
  readonly number: number;
  readonly phone: string;
  readonly organization: OrganizationId;
  readonly habit: Habit;
  /** how the check of each attempt ends at the provider */
  readonly outcomes: readonly OutcomeName[];
  /** the link used: the one in the SMS, or the kiosk's */
  readonly via: 'sms' | 'kiosk';
  readonly notify: 'sms' | 'none';
  readonly phoneVerified: boolean;
  readonly named: boolean;
  /** has an identity in Kratos */
  readonly kratos: boolean;
  /** taps and reloads more than once */
  readonly impatient: boolean;
}

/** What the design says a plan comes to. Put down by hand, not taken from the code. */
export interface End {
  readonly status: 'decided' | 'in_review' | 'expired';
  readonly result: string;
  readonly identity: string;
  readonly cause: string | null;
  /** kinds of texts, in order; `?` behind one that may be left out because things moved on */
  readonly texts: readonly string[];
  /** the word on the Kratos identity */
  readonly mirrored: string;
}

const results: Readonly<Partial<Record<OutcomeName, string>>> = {
  clear: 'CLEAR',
  suspected: 'SUSPECTED',
  'suspected-data-validation': 'SUSPECTED_DATA_VALIDATION',
  rejected: 'REJECTED',
  caution: 'CAUTION',
  'contradiction-consider': 'CAUTION',
  'unknown-missing-report': 'UNKNOWN',
  'rejected-image-integrity': 'REJECTED_IMAGE_INTEGRITY',
  'studio-approved': 'CLEAR',
  'studio-declined': 'SUSPECTED_VISUAL_CONSISTENCY',
  'studio-review': 'CAUTION_DATA_COMPARISON',
  approved: 'CLEAR',
  needs_review: 'CAUTION',
  declined_mismatch: 'SUSPECTED_FACE_COMPARISON',
  passed: 'CLEAR',
  'warning-watchlist': 'CAUTION',
  'rejected-face': 'SUSPECTED_FACE_COMPARISON',
  'not-executed': 'UNKNOWN',
};

const again = {
  onfido: 'rejected-image-integrity',
  persona: 'failed_blurred',
  jumio: 'rejected-blurred',
} as const;
const classic = [
  'suspected',
  'rejected',
  'caution',
  'unknown-missing-report',
  'contradiction-consider',
] as const;

/** Onfido's customers are the most by far: its adapter has the most steps between which to fail. */
const crowds = ['1', '1', '1', '1', 'manual', 'studio', 'studio', 'external', 'persona', 'jumio'] as const;

/** Draws a customer. */
export function drawPlan(number: number, dice: Dice): Plan {
  const organization = dice.pick(crowds);
  const site = organization === 'external' ? 'sms' : dice.pick(['sms', 'sms', 'sms', 'kiosk'] as const);
  const notify = site === 'kiosk' && dice.chance(0.4) ? 'none' : 'sms';
  return {
    number,
    phone: `+420777${String(100_000 + number)}`,
    organization,
    habit: dice.pick([
      'finishes',
      'finishes',
      'finishes',
      'finishes',
      'never_submits',
      'walks_away',
      'ignores',
    ] as const),
    outcomes: drawOutcomes(organization, dice),
    via: site,
    notify,
    phoneVerified: dice.chance(0.2),
    named: dice.chance(0.5),
    kratos: dice.chance(0.5),
    impatient: dice.chance(0.4),
  };
}

function drawOutcomes(organization: OrganizationId, dice: Dice): OutcomeName[] {
  if (organization === 'studio')
    return [dice.pick(['studio-approved', 'studio-approved', 'studio-declined', 'studio-review'] as const)];
  if (organization === 'persona')
    return onceMore(
      'persona',
      dice,
      dice.pick(['approved', 'approved', 'needs_review', 'declined_mismatch']),
    );
  if (organization === 'jumio')
    return onceMore(
      'jumio',
      dice,
      dice.pick(['passed', 'passed', 'warning-watchlist', 'rejected-face', 'not-executed']),
    );
  const last = dice.chance(0.6) ? 'clear' : dice.pick(classic);
  // a customer of an external site has no page of ours that says "once more"
  return organization === 'external' ? [last] : onceMore('onfido', dice, last);
}

/** Now and then the first attempt's pictures cannot be read. */
function onceMore(provider: keyof typeof again, dice: Dice, last: OutcomeName): OutcomeName[] {
  return dice.chance(0.2) ? [again[provider], last] : [last];
}

/** What a plan comes to once everything is over. */
export function endOf(plan: Plan): End {
  const link = plan.via === 'sms' ? 'link' : 'link?';
  const texts = (...kinds: string[]) => (plan.notify === 'none' ? [] : [link, ...kinds]);
  if (plan.habit === 'ignores' || plan.habit === 'walks_away')
    return {
      status: 'expired',
      result: 'EXPIRED',
      identity: 'pending',
      cause: null,
      texts: texts('expired'),
      mirrored: 'expired',
    };
  const before = plan.outcomes.length > 1 ? ['resubmission?'] : [];
  const result = results[plan.outcomes.at(-1) ?? 'clear'] ?? 'none';
  const said = (end: Omit<End, 'result' | 'texts'>, text: string): End => ({
    ...end,
    result,
    texts: texts(...before, text),
  });
  const waits = { status: 'in_review', identity: 'awaiting_registration', mirrored: 'review' } as const;
  const rejects = { status: 'decided', identity: 'rejected', cause: null, mirrored: 'declined' } as const;
  if (result.startsWith('SUSPECTED')) return said(rejects, 'rejected');
  if (result.startsWith('REJECTED')) return said(rejects, 'rejected_retry');
  if (result.startsWith('CAUTION')) return said({ ...waits, cause: 'caution' }, 'awaiting');
  if (result === 'UNKNOWN') return said({ ...waits, cause: 'unknown' }, 'awaiting');
  if (plan.organization === 'manual') return said({ ...waits, cause: 'not_automatic' }, 'awaiting');
  if (plan.via === 'kiosk' && !plan.phoneVerified)
    return said({ ...waits, cause: 'phone_not_proven' }, 'awaiting');
  const registered = {
    status: 'decided',
    identity: 'registered',
    cause: null,
    mirrored: 'approved',
  } as const;
  return said(registered, 'registered');
}
