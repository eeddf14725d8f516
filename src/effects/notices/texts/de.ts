import type { Catalogue } from './catalogue.js';

/** GSM-7: umlauts and ß are in its alphabet, typographic quotes and dashes are not. */
export const de: Catalogue = {
  texts: {
    link: '{organization}: Bitte bestätigen Sie innerhalb von {time} Ihre Identität: {link}',
    registered: '{organization}: Ihre Identität ist bestätigt. Sie können am Automaten fortfahren.',
    rejected:
      '{organization}: Wir konnten Ihre Identität nicht bestätigen. Bei Fragen wenden Sie sich bitte an uns.',
    rejected_retry:
      '{organization}: Die Prüfung ist gescheitert: {reason}. Für einen neuen Versuch beginnen Sie bitte am Automaten.',
    awaiting: '{organization}: Vielen Dank. Wir prüfen Ihre Angaben und melden uns bei Ihnen.',
    resubmission:
      '{organization}: Die Bilder waren nicht brauchbar. Bitte innerhalb von {time} neu aufnehmen: {link}',
    expired: '{organization}: Ihr Link ist abgelaufen. Bitte beginnen Sie am Automaten noch einmal.',
  },
  reasons: {
    document: 'Das Dokument wird nicht anerkannt',
    pictures: 'Die Bilder sind nicht lesbar',
    age: 'Die Altersgrenze ist nicht erfüllt',
  },
  units: { minute: ['Minute', 'Minuten'], hour: ['Stunde', 'Stunden'] },
};
