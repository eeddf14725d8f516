import type { Catalogue } from './catalogue.js';

/** GSM-7. */
export const en: Catalogue = {
  texts: {
    link: '{organization}: please verify your identity within {time}: {link}',
    registered: '{organization}: your identity is verified. You can continue at the machine now.',
    rejected: '{organization}: we could not verify your identity. Please contact us if you have questions.',
    rejected_retry:
      '{organization}: we could not verify you because {reason}. To try again, start over at the machine.',
    awaiting: '{organization}: thank you. We are looking at your details and will let you know.',
    resubmission:
      '{organization}: the pictures could not be used. Please take them once more within {time}: {link}',
    expired:
      '{organization}: your link has run out. To verify your identity, please start over at the machine.',
  },
  reasons: {
    document: 'the document cannot be accepted',
    pictures: 'the pictures cannot be read',
    age: 'the age limit is not met',
  },
  units: { minute: ['minute', 'minutes'], hour: ['hour', 'hours'] },
};
