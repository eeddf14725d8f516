/** Tells on the screen what happens to customers, each thing once. */
import { type CustomerView, registrationsAfter, viewCustomer } from './customer-view.js';
import { type Fact, factsOf } from './facts.js';
import { messageBox } from './message-box.js';
import type { Sandbox } from './sandbox.js';
import { type Screen, wrap } from './screen.js';

export interface Narrator {
  /** tells what is new since the last call */
  look(): void;
  /** the newest customer, as they are now */
  newest(): CustomerView | undefined;
}

interface Told {
  readonly number: number;
  readonly keys: Set<string>;
}

const titleWidth = 16;
const margin = 5 + 4 + titleWidth + 2;

/** `onEnd` is called when a customer has come to the end of the ten steps. */
export function createNarrator(
  sandbox: Sandbox,
  screen: Screen,
  onEnd: (customer: CustomerView) => void,
): Narrator {
  const customers = new Map<string, Told>();
  let lastSeq = 0;
  let warned = false;

  function meetNew(): void {
    for (const { id, seq } of registrationsAfter(sandbox, lastSeq)) {
      customers.set(id, { number: customers.size + 1, keys: new Set() });
      lastSeq = seq;
    }
  }

  function tell(told: Told, customer: CustomerView): void {
    const news = factsOf(customer).filter(({ key }) => !told.keys.has(key));
    for (const fact of news) {
      told.keys.add(fact.key);
      screen.say(...linesOf(screen, told.number, fact));
      if (fact.text) screen.say(...messageBox(fact.text, screen, margin));
      if (fact.invites) invite(customer.link);
    }
    if (news.some(({ ends }) => ends)) onEnd(customer);
  }

  function invite(link: string): void {
    screen.say('', 'Be the customer: open this link in your browser.', '', screen.tint('cyan', link), '');
    if (!warned)
      screen.say(
        ...wrap(
          'The browser will warn once, because the certificate was made for this demo a moment ago: choose “Advanced”, then go on. No camera is used.',
          screen.width,
        ).map(line => screen.tint('dim', line)),
        '',
      );
    warned = true;
  }

  return {
    look() {
      meetNew();
      for (const [id, told] of customers) {
        const customer = viewCustomer(sandbox, id);
        if (customer) tell(told, customer);
      }
    },
    newest() {
      meetNew();
      const id = [...customers.keys()].at(-1);
      return id === undefined ? undefined : viewCustomer(sandbox, id);
    },
  };
}

function linesOf(screen: Screen, number: number, { step, title, words }: Fact): string[] {
  const badge = screen.tint('dim', `#${number}`.padEnd(5));
  const place = screen.tint('green', (step === null ? '·' : String(step)).padStart(2));
  const head = `${badge}${place}  ${screen.tint('bold', title.padEnd(titleWidth))}  `;
  return wrap(words, screen.width - margin).map((line, at) => (at === 0 ? head : ' '.repeat(margin)) + line);
}
