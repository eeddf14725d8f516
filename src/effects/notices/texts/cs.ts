import type { Catalogue } from './catalogue.js';

/** Háčky a čárky are not in GSM-7, so these go out as UCS-2: one segment holds 70 characters, two hold 134. */
export const cs: Catalogue = {
  texts: {
    link: '{organization}: ověřte prosím do {time} svou totožnost: {link}',
    registered: '{organization}: totožnost ověřena. Můžete pokračovat u automatu.',
    rejected: '{organization}: vaši totožnost se nepodařilo ověřit. S dotazy se obraťte na nás.',
    rejected_retry:
      '{organization}: ověření se nezdařilo, protože {reason}. Zkuste to prosím znovu od začátku u automatu.',
    awaiting: '{organization}: děkujeme. Vaše údaje posuzujeme a dáme vám vědět.',
    resubmission: '{organization}: snímky nelze použít. Vyfoťte je prosím do {time} znovu: {link}',
    expired: '{organization}: platnost odkazu skončila. Začněte prosím znovu u automatu.',
  },
  reasons: {
    document: 'doklad nelze přijmout',
    pictures: 'snímky nejsou čitelné',
    age: 'nesplňujete věkovou hranici',
  },
  units: { minute: ['minuty', 'minut'], hour: ['hodiny', 'hodin'] },
};
