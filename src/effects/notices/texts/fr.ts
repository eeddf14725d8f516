import type { Catalogue } from './catalogue.js';

/** GSM-7: it has à, é, è and ù but not ê, â, ô, ç or œ, so the wording does without these. */
export const fr: Catalogue = {
  texts: {
    link: '{organization} : vérifiez votre identité dans les {time} : {link}',
    registered: "{organization} : votre identité est vérifiée. Vous pouvez continuer à l'automate.",
    rejected:
      "{organization} : nous n'avons pas pu vérifier votre identité. Pour toute question, contactez-nous.",
    rejected_retry:
      "{organization} : vérification impossible : {reason}. Pour réessayer, recommencez à l'automate.",
    awaiting: '{organization} : merci. Nous examinons vos données et vous tiendrons au courant.',
    resubmission: '{organization} : photos inutilisables. Veuillez les reprendre dans les {time} : {link}',
    expired: "{organization} : votre lien n'est plus valable. Veuillez recommencer à l'automate.",
  },
  reasons: {
    document: 'le document ne peut pas servir',
    pictures: 'les photos sont illisibles',
    age: "la limite d'age n'est pas respectée",
  },
  units: { minute: ['minute', 'minutes'], hour: ['heure', 'heures'] },
};
