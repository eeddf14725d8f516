/** Twilio's words and numbers in ours. Fixed vocabularies of theirs; what is not here is treated with care. */
import type { DeliveryStatus, SmsErrorKind } from './vendor.js';

const statuses: Readonly<Record<string, DeliveryStatus>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

const faults: Readonly<Record<string, SmsErrorKind>> = {
  '14107': 'later', // sends too fast
  '20429': 'later', // too many requests
  '21611': 'later', // the sender's queue is full
  '63038': 'later', // the account's daily limit
  '20003': 'unauthorized', // authentication
  '20005': 'unauthorized', // account not active
  '20006': 'unauthorized', // access denied
  '21610': 'unsubscribed', // answered STOP
  '21211': 'unreachable', // not a phone number
  '21214': 'unreachable', // cannot be reached
  '21217': 'unreachable', // does not look valid
  '21408': 'unreachable', // the account may not send to that country
  '21612': 'unreachable', // no route from this sender to that number
  '21614': 'unreachable', // not a mobile number
  '21635': 'unreachable', // a landline
  '30003': 'unreachable', // switched off or out of reach
  '30004': 'unreachable', // blocked by the network
  '30005': 'unreachable', // unknown number
  '30006': 'unreachable', // a landline, or a network that takes no SMS
};

/** Null for a word that no outgoing message should have. */
export function deliveryStatusOf(word: string): DeliveryStatus | null {
  return Object.hasOwn(statuses, word) ? statuses[word]! : null;
}

/** What a Twilio error code means for us; undefined when it is not one we know. */
export function faultOf(code: string): SmsErrorKind | undefined {
  return Object.hasOwn(faults, code) ? faults[code] : undefined;
}
