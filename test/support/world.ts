/**
 * A whole world for one test: the gateway as `start` builds it from a real configuration folder, the vendors' simulators,
 * one clock for all of them, and the people who use it. Everything is reached over loopback sockets, the public listener
 * over TLS.
 */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { policyOf } from '../../src/compose/serve-organizations.js';
import { type Appliance, compose } from '../../src/compose.js';
import { loadConfig } from '../../src/config/load.js';
import type { PersonAction } from '../../src/domain/registration.js';
import { findReviewed, resolveCase } from '../../src/review/resolve-case.js';
import {
  type KratosSimulator,
  type KratosSimulatorOptions,
  startKratosSimulator,
} from '../../src/simulators/kratos/index.js';
import {
  type OnfidoSimulator,
  type OnfidoSimulatorOptions,
  startOnfidoSimulator,
} from '../../src/simulators/onfido/index.js';
import {
  startTwilioSimulator,
  type TwilioSimulator,
  type TwilioSimulatorOptions,
} from '../../src/simulators/twilio/index.js';
import { findIdentity } from '../../src/store/identities.js';
import { nextDue } from '../../src/store/jobs.js';
import { findNoticeByRef } from '../../src/store/notices.js';
import { findRegistration, type StoredRegistration } from '../../src/store/registrations.js';
import { runInTerminal } from '../cli/terminal.js';
import { captureLog } from '../runtime/captured-log.js';
import { type Answer, type CallOptions, call } from './call.js';
import { TestClock } from './clock.js';
import { type Customer, openLink } from './customer.js';
import { type CrashPoints, createCrashPoints } from './faults.js';
import {
  commonPair,
  hostname,
  type Installation,
  type InstallationOptions,
  type Section,
  secrets,
  twilioAccount,
  writeInstallation,
} from './installation.js';
import { createKiosk, type Kiosk } from './kiosk.js';
import { createLifeClock } from './life-clock.js';

/** What a vendor beside the usual ones is started with. */
export interface VendorPlace {
  readonly clock: TestClock;
  /** the public listener's certificate */
  readonly ca: string;
  /** where one of the gateway's URLs is really reached */
  readonly reach: (url: string) => string;
}

/** A vendor beside the usual ones, started on the world's clock and closed with it. */
export interface FurtherVendor {
  /** laid under every organization of the settings file, e.g. `{ provider: 'jumio', jumio: { … } }` */
  readonly organization: Section;
  readonly deliveries: readonly unknown[];
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions extends InstallationOptions {
  readonly onfido?: OnfidoSimulatorOptions;
  readonly twilio?: TwilioSimulatorOptions;
  /** default: the simulated Twilio */
  readonly sms?: 'console';
  /** a simulated Kratos beside the rest */
  readonly kratos?: KratosSimulatorOptions;
  readonly further?: (place: VendorPlace) => Promise<FurtherVendor>;
  readonly startAt?: string | number;
  /** builds everything but does not start the gateway */
  readonly asleep?: boolean;
}

/** A text as it arrived at a phone. `stray`: no notice of the gateway's knows it, so it is one too many. */
export interface Text {
  readonly to: string;
  readonly kind: string;
  readonly body: string;
}

export interface World {
  readonly clock: TestClock;
  readonly installation: Installation;
  readonly onfido: OnfidoSimulator;
  readonly twilio: TwilioSimulator;
  /** there when asked for */
  readonly kratos: KratosSimulator;
  readonly log: ReturnType<typeof captureLog>;
  readonly crashes: CrashPoints;
  /** the gateway of this moment; another one after every restart */
  readonly gateway: Appliance;
  /** what the `console` SMS vendor printed */
  readonly printed: readonly string[];
  /** a kiosk of the first organization */
  readonly kiosk: Kiosk;
  addKiosk(name: string, organization?: string): Promise<Kiosk>;
  /** a call to the public listener as from the internet */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** opens a link on a customer's phone */
  customer(link: string): Customer;
  /** the newest link texted to a number */
  textedLink(to: string): string;
  texts(to?: string): Text[];
  /** resolves when nothing moves any more without the clock; a gateway that died meanwhile is started again */
  settle(): Promise<void>;
  /** lets time pass, with everything that comes due in it done in order */
  pass(ms: number): Promise<void>;
  /** what a person decides with `gatehouse review` */
  decide(id: string, action: PersonAction, reason?: string): void;
  /** what is stored */
  stored(registrationId: string): StoredRegistration;
  identityStatus(registrationId: string): string;
  /** ends the gateway, whatever it is doing */
  stop(): Promise<void>;
  /** ends it and builds it again on the same folders */
  restart(): Promise<void>;
  close(): Promise<void>;
}

type Mutable = Omit<World, 'kiosk'> & { kiosk: Kiosk };

/** What a world is closed with: the context of a test, or of a file's `before`. */
export interface Ends {
  after(close: () => Promise<void>): void;
}

/** For a world that the tests of a file share. To be called while the file is loaded. */
export function endsOfFile(): Ends {
  const closes: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closes) await close();
  });
  return { after: close => void closes.push(close) };
}

/** Builds a world and starts its gateway. Everything ends with the test. */
export async function startWorld(t: Ends, options: WorldOptions = {}): Promise<World> {
  const clock = new TestClock(options.startAt);
  const log = captureLog();
  const crashes = createCrashPoints();
  const printed: string[] = [];
  let gateway: Appliance | undefined;
  let life = createLifeClock(clock);

  /** Vendors know the public name; the connection goes to wherever the gateway listens now. */
  const reach = (url: string) => {
    const { pathname, search } = new URL(url);
    return `${gateway?.addresses.public || 'https://127.0.0.1:9'}${pathname}${search}`;
  };
  const pair = await commonPair();
  const onfido = await startOnfidoSimulator({
    clock,
    webhookCa: pair.cert,
    rewriteWebhookUrl: reach,
    ...options.onfido,
  });
  const twilio = await startTwilioSimulator({
    clock,
    callbackCa: pair.cert,
    rewriteCallbackUrl: reach,
    accounts: { [twilioAccount]: secrets.TWILIO_AUTH_TOKEN },
    ...options.twilio,
  });
  const kratos = options.kratos && (await startKratosSimulator({ clock, ...options.kratos }));
  const vendors = {
    onfido,
    ...(options.sms === 'console' ? {} : { twilio }),
    ...(kratos ? { kratos: { url: kratos.adminUrl, publicUrl: kratos.publicUrl } } : {}),
  };
  const further = await options.further?.({ clock, ca: pair.cert, reach });
  const organizations = (options.organizations ?? [{}]).map(own => ({ ...further?.organization, ...own }));
  const installation = writeInstallation(vendors, pair, { ...options, organizations });
  const { env, dir } = installation;

  async function start(): Promise<void> {
    const { config } = loadConfig({ env, cwd: dir });
    life = createLifeClock(clock);
    gateway = await compose(config, {
      clock: life,
      log: log.log,
      random: () => 0.5,
      stream: { write: text => printed.push(text) },
      aroundHandlers: crashes.around,
    });
    await gateway.start();
  }

  /** The runner would wait for a hanging job; a process that dies waits for nothing. */
  async function stop(): Promise<void> {
    if (!gateway) return;
    const closing = gateway.close();
    void crashes.hung().then(life.hurry);
    await closing;
    gateway = undefined;
  }

  async function restart(): Promise<void> {
    await stop();
    await start();
  }

  /** Resolves when the gateway has nothing to do. One that died on the way is started again. */
  async function idle(): Promise<void> {
    while (gateway) {
      await Promise.race([gateway.idle(), crashes.hung()]);
      if (!crashes.hanging) return;
      await restart();
    }
  }

  async function settle(): Promise<void> {
    const talking = [onfido, twilio, ...(further ? [further] : [])];
    const told = () => talking.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
    for (let quiet = false; !quiet; ) {
      const before = told();
      await idle();
      for (const vendor of talking) await vendor.settled();
      await idle();
      quiet = told() === before;
    }
  }

  const world: Mutable = {
    clock,
    installation,
    onfido,
    twilio,
    get kratos() {
      assert.ok(kratos, 'the world was asked for Kratos');
      return kratos;
    },
    log,
    crashes,
    printed,
    get gateway() {
      assert.ok(gateway, 'the gateway runs');
      return gateway;
    },
    kiosk: undefined as unknown as Kiosk,
    async addKiosk(name, organization = '1') {
      const argv = ['add', name, '--organization', organization, '--json'];
      const { stdout, stderr, code } = await runInTerminal(kioskCommand, argv, { cwd: dir, env });
      assert.equal(code, 0, stderr);
      const { key } = JSON.parse(stdout) as { key: string };
      return createKiosk(key, () => ({ origin: world.gateway.addresses.private }));
    },
    call: (method, path, request = {}) =>
      call({ origin: world.gateway.addresses.public, host: hostname, ca: pair.cert }, method, path, request),
    customer: link =>
      openLink({
        link,
        call: world.call,
        upload: (applicantId, wish) => void onfido.upload(applicantId, wish),
      }),
    textedLink(to) {
      const link = twilio
        .messagesTo(to)
        .map(({ body }) => /https?:\/\/\S+/.exec(body)?.[0])
        .findLast(found => found !== undefined);
      assert.ok(link, 'a link was texted');
      return link;
    },
    texts(to) {
      return twilio.messages
        .filter(message => to === undefined || message.to === to)
        .map(message => ({
          to: message.to,
          kind: findNoticeByRef(world.gateway.store.main, message.sid)?.kind ?? 'stray',
          body: message.body,
        }));
    },
    settle,
    async pass(ms) {
      const end = clock.now() + ms;
      const longest = Math.max(5_000, ms / 50);
      await settle();
      while (clock.now() < end) {
        const due = gateway ? nextDue(gateway.store.main) : null;
        const left = Math.min(end - clock.now(), longest);
        clock.advance(due !== null && due > clock.now() ? Math.min(left, due - clock.now()) : left);
        await settle();
      }
    },
    decide(id, action, reason = 'looked at it') {
      const { store, config } = world.gateway;
      const reviewed = findReviewed(store, id);
      assert.ok(reviewed);
      const organization = config.organizations.find(each => each.id === reviewed.row.organization);
      assert.ok(organization);
      const policy = policyOf(config, organization);
      resolveCase(store, reviewed, { action, by: 'reviewer', reason }, policy, clock.now());
      world.gateway.runner.wake();
    },
    stored(id) {
      const found = findRegistration(world.gateway.store.main, id);
      assert.ok(found);
      return found;
    },
    identityStatus(id) {
      const { identity_id } = world.stored(id).row;
      return findIdentity(world.gateway.store.main, identity_id)?.identity.status ?? 'none';
    },
    stop,
    restart,
    async close() {
      await stop();
      await onfido.close();
      await twilio.close();
      await kratos?.close();
      await further?.close();
      installation.remove();
    },
  };
  t.after(() => world.close());
  if (options.asleep) return world;
  await start();
  await settle();
  world.kiosk = await world.addKiosk('Lobby');
  return world;
}
