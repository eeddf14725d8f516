/** The ten steps of the interaction, told from what has happened. Pure. */
import type { AttemptView, CustomerView } from './customer-view.js';
import { vendorWords } from './vendors.js';

/** One thing worth telling. `key` is the same as long as it is the same thing. */
export interface Fact {
  readonly key: string;
  /** 1 to 10; null for what belongs to none of them */
  readonly step: number | null;
  readonly title: string;
  readonly words: string;
  /** a text message that arrived */
  readonly text?: { readonly to: string; readonly body: string };
  /** the text carries the link the customer has to open */
  readonly invites?: boolean;
  /** nothing more is to come by itself */
  readonly ends?: boolean;
}

/** Everything that can be told of a customer now, in the order of the steps. */
export function factsOf(customer: CustomerView): Fact[] {
  const { applicantRef, attempts } = customer;
  const [first, ...later] = customer.texts.map((text, place) => textFact(customer, text, place));
  const facts = [
    begun(customer),
    ...(applicantRef === null ? [] : paired(customer, applicantRef)),
    // the text and the applicant are made side by side; told in the order of the steps
    ...(first && applicantRef !== null ? [first] : []),
    ...visited(customer),
    ...attempts.flatMap((attempt, place) => {
      const end = endOfAttempt(customer, attempt.attempt);
      const text = end.length > 0 ? later[place] : undefined;
      return [...factsOfAttempt(customer, attempt), ...end, ...(text ? [text] : [])];
    }),
  ];
  return [...facts, ...later.filter(text => !facts.includes(text))];
}

function begun({ registrationId, phone, organization }: CustomerView): Fact {
  return {
    key: 'kiosk',
    step: 1,
    title: 'Kiosk asks',
    words: `Somebody types ${spaced(phone)} at a kiosk of ${organization}. The kiosk asks Gatehouse to verify them and gets registration ${short(registrationId)}.`,
  };
}

function paired({ vendor }: CustomerView, applicantRef: string): Fact[] {
  const { title } = vendorWords[vendor];
  return [
    {
      key: 'applicant',
      step: 2,
      title: 'Applicant paired',
      words:
        vendor === 'onfido'
          ? `Onfido has made applicant ${short(applicantRef)}; Gatehouse keeps it with the registration.`
          : `Gatehouse keeps reference ${short(applicantRef)} for the customer; ${title} hears it when they go on.`,
    },
    {
      key: 'site',
      step: 3,
      title: 'Site told',
      words:
        'The verification site is built in and knows the link from the same store. (An external one would be sent applicant and token now.)',
    },
  ];
}

function textFact(customer: CustomerView, text: CustomerView['texts'][number], place: number): Fact {
  const invites = text.body.includes('/v/');
  const sentAgain = place > 0 && invites && customer.attempts.length === 1;
  return {
    key: `text:${text.sid}`,
    step: place === 0 || sentAgain ? 4 : 10,
    title: 'Text message',
    words:
      place === 0
        ? 'Twilio takes a text message with the customer’s own link:'
        : `Twilio takes a text message with ${sentAgain ? 'the link once more' : 'the outcome'}:`,
    text: { to: spaced(text.to), body: text.body },
    invites,
    ends: place > 0 && !invites && hasEnded(customer),
  };
}

function visited({ visit, opened }: CustomerView): Fact[] {
  if (visit === null && !opened) return [];
  const which =
    visit === 'kiosk' ? 'the kiosk’s link, which proves no phone' : 'the link from the text message';
  return [
    {
      key: 'visit',
      step: 5,
      title: 'Visit',
      words: `A browser opened ${which}. Looking changes nothing: it begins with the button.`,
    },
  ];
}

function factsOfAttempt({ vendor }: CustomerView, attempt: AttemptView): Fact[] {
  return vendor === 'onfido' ? attemptFacts(attempt) : runFacts(vendorWords[vendor].title, attempt);
}

/** The same steps where the customer goes on to the vendor's own page. */
function runFacts(vendor: string, { attempt, checkRef, submitted, webhook }: AttemptView): Fact[] {
  const facts: Fact[] = [];
  const add = (key: string, step: number, title: string, words: string) =>
    void facts.push({ key: `${key}:${attempt}`, step, title, words });
  if (checkRef !== null)
    add(
      'capture',
      6,
      'Capture',
      `The button leads to ${vendor}’s own page, made for this customer a moment ago.`,
    );
  if (submitted || webhook !== null)
    add('submit', 7, 'Submit', `${vendor} has all it needs; what it made for the page is the check itself.`);
  if (webhook !== null)
    add(
      'webhook',
      8,
      'Webhook',
      `${vendor} says that there is news. Gatehouse proves who said it, keeps it on disk, answers ${webhook}, and asks ${vendor} itself for the verdict.`,
    );
  return facts;
}

function attemptFacts({ attempt, uploads, checkRef, webhook }: AttemptView): Fact[] {
  const once = attempt > 1 ? ' once more' : '';
  const facts: Fact[] = [];
  const complete = uploads.includes('documents') && uploads.length > 1;
  if (complete)
    facts.push({
      key: `capture:${attempt}`,
      step: 6,
      title: 'Capture',
      words: `A document and a selfie went from the browser straight to Onfido${once}.`,
    });
  if (checkRef !== null)
    facts.push({
      key: `submit:${attempt}`,
      step: 7,
      title: 'Submit',
      words: `The page says it is done. Gatehouse asks Onfido for check ${short(checkRef)} of exactly these pictures.`,
    });
  if (webhook !== null)
    facts.push({
      key: `webhook:${attempt}`,
      step: 8,
      title: 'Webhook',
      words: `Onfido says, signed, that the check is complete. Gatehouse verifies the signature, keeps it on disk and answers ${webhook}.`,
    });
  return facts;
}

/** What an attempt came to; empty while it is under way. */
function endOfAttempt(customer: CustomerView, attempt: number): Fact[] {
  if (attempt < customer.attempts.length) return [again(attempt)];
  if (!hasEnded(customer)) return [];
  const { mirrored, vendor } = customer;
  // what stands there from before is no news
  const isOld = mirrored === null || unfinished.includes(mirrored);
  return [ended(customer, attempt), ...(isOld ? [] : [copied(vendor, mirrored, attempt)])];
}

function again(attempt: number): Fact {
  return {
    key: `mapped:${attempt}`,
    step: 9,
    title: 'Mapped',
    words:
      'RESUBMISSION_REQUESTED: the pictures cannot be read, and this organization lets its customers try once more. Same link, another 90 minutes.',
  };
}

function ended(customer: CustomerView, attempt: number): Fact {
  const { status, result, meaning, reason, identityStatus } = customer;
  if (status === 'expired')
    return {
      key: `mapped:${attempt}`,
      step: null,
      title: 'Deadline',
      words: `${customer.linkMinutes} minutes are over and no pictures came: EXPIRED. The link is closed; the customer may start over at the kiosk.`,
    };
  const why = reason !== null && reason !== '' ? reason : `${meaning}.`;
  return {
    key: `mapped:${attempt}`,
    step: 9,
    title: 'Mapped',
    words: `${result ?? status}: ${why} The identity is now ${identityStatus.replace('_', ' ')}${waitsFor(customer)}.`,
  };
}

function waitsFor({ status, result, automatic }: CustomerView): string {
  if (status !== 'in_review') return '';
  if (result === 'CLEAR' && !automatic) return ': this organization leaves it to a person';
  return ': a person must look';
}

const unfinished = ['pending', 'initiated', 'processing', 'created'];

function copied(vendor: CustomerView['vendor'], status: string, attempt: number): Fact {
  return {
    key: `mirror:${attempt}:${status}`,
    step: null,
    title: 'Mirrored',
    words: `Ory Kratos: the identity’s ${vendorWords[vendor].tree}.${vendor}.status is “${status}”.`,
  };
}

function hasEnded({ status }: CustomerView): boolean {
  return status === 'decided' || status === 'in_review' || status === 'expired' || status === 'failed';
}

function short(id: string): string {
  const [head = id] = id.split('-');
  return head.length > 14 ? `${head.slice(0, 8)}…${head.slice(-4)}` : `${head}…`;
}

/** A number as people read it. */
function spaced(phone: string): string {
  return phone.replace(/^(\+\d{3})(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4');
}
