import type { SmsSettings } from '../../../config/config.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Outbound } from '../../../runtime/outbound.js';
import { createConsoleVendor } from './console.js';
import { createTwilioVendor } from './twilio.js';
import type { SmsVendor } from './vendor.js';

/** What vendors are built from. */
export interface SmsVendorDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** where the `console` vendor prints; usually standard output */
  readonly stream: { write(text: string): unknown };
}

type VendorName = SmsSettings['vendor'];
type SettingsOf<Name extends VendorName> = Extract<SmsSettings, { readonly vendor: Name }>;

/** Every vendor there is; a name that the configuration knows and this list does not would not compile. */
const vendors: { [Name in VendorName]: (settings: SettingsOf<Name>, deps: SmsVendorDeps) => SmsVendor } = {
  console: (_settings, deps) => createConsoleVendor(deps.clock, deps.stream),
  twilio: (settings, deps) => createTwilioVendor(settings.twilio, deps.outbound),
};

/** Builds the vendor the configuration names. Loads and opens nothing yet. */
export function createSmsVendor(settings: SmsSettings, deps: SmsVendorDeps): SmsVendor {
  return settings.vendor === 'twilio' ? vendors.twilio(settings, deps) : vendors.console(settings, deps);
}
