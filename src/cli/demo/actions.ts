/** What somebody in front of the demo can make happen. */
import { isOpen, type RegistrationStatus } from '../../domain/registration.js';
import type { Outbound } from '../../runtime/outbound.js';
import { register } from '../simulate/kiosk.js';
import { goThrough } from '../simulate/phone.js';
import type { Narrator } from './narrator.js';
import { createOryVisitor } from './ory-visitor.js';
import type { Sandbox } from './sandbox.js';
import { type Screen, wrap } from './screen.js';
import { beyondDeadlineMs, clientOf, partiesOf, phoneOf } from './script.js';
import { vendorWords } from './vendors.js';

/** Each says on the screen what it could not do, and never throws. */
export interface Actions {
  /** the kiosk of an organization, by default the last one's, asks for somebody it has not seen */
  newCustomer(organization?: string): Promise<void>;
  /** somebody signs up at Ory Kratos and logs in, or tries again */
  visitOry(): Promise<void>;
  /** does what the newest customer or visitor would do in a browser */
  playCustomer(): Promise<void>;
  /** puts the clock forward beyond every link's time */
  letTimePass(): Promise<void>;
  /** prints what can be typed into another terminal */
  showCommands(): void;
}

/** Builds them over a sandbox. */
export function createActions(sandbox: Sandbox, screen: Screen, narrator: Narrator): Actions {
  const visitor = createOryVisitor(sandbox, screen);
  let last = '1';
  let atOry = false;
  let asked = 0;
  const complain = (text: string) =>
    screen.say(...wrap(text, screen.width).map(line => screen.tint('yellow', line)));

  async function guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      complain(error instanceof Error ? error.message : 'That did not work.');
    }
  }

  /** With a client of the sandbox's, which is closed afterwards. */
  const withClient = async <Result>(work: (outbound: Outbound) => Promise<Result>): Promise<Result> => {
    const outbound = clientOf(sandbox);
    try {
      return await work(outbound);
    } finally {
      await outbound.close();
    }
  };

  return {
    visitOry: () =>
      guarded(async () => {
        atOry = true;
        await withClient(visitor.visit);
      }),
    newCustomer: (organization = last) =>
      guarded(async () => {
        last = organization;
        atOry = false;
        asked += 1;
        const phone = phoneOf(asked);
        const { id: kratosIdentityId } = sandbox.kratos.createIdentity({ phone });
        const request = { phone, language: 'en', kratosIdentityId };
        await withClient(outbound => register(partiesOf(sandbox, organization, outbound), request));
      }),
    playCustomer: () =>
      guarded(async () => {
        if (atOry && (await withClient(visitor.play))) return;
        const customer = narrator.newest();
        if (!customer || !isOpen(customer.status as RegistrationStatus) || customer.status === 'submitted')
          return complain(
            'There is nobody to play: the newest customer is through. Press n for another one.',
          );
        const { clear } = vendorWords[customer.vendor];
        await withClient(outbound => goThrough(partiesOf(sandbox, last, outbound), customer.link, clear));
      }),
    letTimePass: () =>
      guarded(async () => {
        await sandbox.appliance.runner.idle();
        sandbox.clock.skip(beyondDeadlineMs);
        screen.say(screen.tint('yellow', 'An hour and a half passes.'));
      }),
    showCommands: () => screen.say('', ...commandLines(sandbox), ''),
  };
}

/** How to drive this very demo from another terminal. */
export function commandLines({ kioskUrl, keys, onfido, twilio, certificate }: Sandbox): string[] {
  return [
    'npx gatehouse simulate customer caution --phone +420602000002 \\',
    `  --key ${keys.get('1')} \\`,
    `  --gateway ${kioskUrl} \\`,
    `  --onfido ${onfido.origin} --twilio ${twilio.url} \\`,
    `  --ca ${certificate}`,
    '',
    'The key of each organization’s kiosk:',
    ...[...keys].map(([organization, key]) => `  ${organization}  ${key}`),
  ];
}
