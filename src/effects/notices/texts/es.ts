import type { Catalogue } from './catalogue.js';

/** GSM-7: it has é, ñ, ü, ¿ and ¡ but not á, í, ó, ú, so the wording does without these four. */
export const es: Catalogue = {
  texts: {
    link: '{organization}: verifique su identidad antes de {time}: {link}',
    registered: '{organization}: su identidad ha sido verificada. Ya puede continuar en el cajero.',
    rejected:
      '{organization}: no hemos podido verificar su identidad. Si tiene preguntas, contacte con nosotros.',
    rejected_retry:
      '{organization}: no hemos podido verificarle porque {reason}. Para intentarlo de nuevo, vuelva al cajero.',
    awaiting: '{organization}: gracias. Estamos revisando sus datos y le avisaremos.',
    resubmission: '{organization}: las fotos no sirven. Por favor, repita las fotos antes de {time}: {link}',
    expired: '{organization}: su enlace ha caducado. Por favor, empiece de nuevo en el cajero.',
  },
  reasons: {
    document: 'el documento no es aceptable',
    pictures: 'las fotos no se pueden leer',
    age: 'no alcanza la edad exigida',
  },
  units: { minute: ['minuto', 'minutos'], hour: ['hora', 'horas'] },
};
