/** Somebody who signs up at Ory Kratos and may log in only when Gatehouse says so. */
import type { Outbound } from '../../runtime/outbound.js';
import { goThrough } from '../simulate/phone.js';
import { type Initiated, kratosIdOf, logIn, mirroredStatus, signUp } from './ory-flows.js';
import type { Sandbox } from './sandbox.js';
import { type Screen, wrap } from './screen.js';
import { partiesOf } from './script.js';
import { organizationOfVendor } from './settings.js';
import { type VendorName, vendorNames, vendorWords } from './vendors.js';

/** One visitor at a time; each is checked by the next of the vendors. */
export interface OryVisitor {
  /** signs a new one up and tries to log in; tries again for one who was blocked */
  visit(outbound: Outbound): Promise<void>;
  /** does what the blocked one would do in a browser; false when there is none */
  play(outbound: Outbound): Promise<boolean>;
}

interface Visitor {
  readonly email: string;
  readonly vendor: VendorName;
  readonly begun: Initiated;
}

/** Over a sandbox whose Kratos has the hooks. */
export function createOryVisitor(sandbox: Sandbox, screen: Screen): OryVisitor {
  let signedUp = 0;
  let blocked: Visitor | null = null;
  let busy = false;
  const tell = (title: string, words: string) => {
    const [first = '', ...rest] = wrap(words, screen.width - 9);
    screen.say(
      `${screen.tint('bold', title.padEnd(7))}  ${first}`,
      ...rest.map(line => `${' '.repeat(9)}${line}`),
    );
  };
  const partiesFor = (outbound: Outbound, vendor: VendorName) =>
    partiesOf(sandbox, organizationOfVendor(vendor), outbound);

  async function enter(outbound: Outbound): Promise<Visitor> {
    const vendor = vendorNames[signedUp % vendorNames.length] ?? 'onfido';
    signedUp += 1;
    const email = `visitor${signedUp}@example.net`;
    sandbox.checkWith(vendor);
    const begun = await signUp(sandbox, partiesFor(outbound, vendor), email);
    tell(
      'Sign-up',
      `${email} signs up at Ory Kratos. Its hook asks Gatehouse to begin a check at ${vendorWords[vendor].title}, and gets the answer: ${begun.status}.`,
    );
    return { email, vendor, begun };
  }

  async function tryLogin(outbound: Outbound, visitor: Visitor): Promise<Visitor | null> {
    const { email, vendor } = visitor;
    const refused = await logIn(sandbox, partiesFor(outbound, vendor), email);
    if (refused !== null) {
      const [sentence = '', link] = refused.text.split(/(?=https:)/);
      tell('Login', `The password is right, but Gatehouse refuses: “${sentence.trim()}”`);
      if (link !== undefined) screen.say('', screen.tint('cyan', link), '');
      screen.say(screen.tint('dim', 'Open the link, or press p. Press o to log in again.'));
      return visitor;
    }
    const status = mirroredStatus(sandbox, kratosIdOf(sandbox, email), vendor) ?? 'not there yet';
    tell(
      'Login',
      `Gatehouse lets ${email} in, and Kratos gives a session. The identity’s ${vendorWords[vendor].tree}.${vendor}.status is “${status}”.`,
    );
    return null;
  }

  return {
    async visit(outbound) {
      // keys are pressed faster than passwords are compared
      if (busy) return;
      busy = true;
      try {
        blocked = await tryLogin(outbound, blocked ?? (await enter(outbound)));
      } finally {
        busy = false;
      }
    },
    async play(outbound) {
      if (blocked === null) return false;
      const { email, vendor, begun } = blocked;
      await goThrough(partiesFor(outbound, vendor), begun.verification_url ?? '', vendorWords[vendor].clear);
      tell('Check', `${email} went through it. Press o to log in again.`);
      return true;
    },
  };
}
