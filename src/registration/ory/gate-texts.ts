import type { GateMessage } from '../../domain/gate.js';
import type { Language } from '../../domain/languages.js';

type Texts = Readonly<Record<GateMessage, string>>;

/** What a login page prints. With a link behind it the sentence ends in the link. */
const texts: Readonly<Record<Language, Texts>> = {
  en: {
    pending: 'Your identity verification is not finished yet.',
    in_review: 'Your identity verification is being reviewed. Please try again later.',
    declined: 'Your identity verification was not accepted.',
    unverified: 'Please verify your identity first.',
    cannot_tell: 'Your identity verification cannot be looked up right now. Please try again in a moment.',
  },
  de: {
    pending: 'Ihre Identitätsprüfung ist noch nicht abgeschlossen.',
    in_review: 'Ihre Identitätsprüfung wird gerade angesehen. Bitte versuchen Sie es später noch einmal.',
    declined: 'Ihre Identitätsprüfung wurde nicht anerkannt.',
    unverified: 'Bitte weisen Sie sich zuerst aus.',
    cannot_tell:
      'Ihre Identitätsprüfung kann gerade nicht nachgeschlagen werden. Bitte versuchen Sie es gleich noch einmal.',
  },
  cs: {
    pending: 'Vaše ověření totožnosti ještě není dokončeno.',
    in_review: 'Vaše ověření totožnosti právě posuzujeme. Zkuste to prosím později.',
    declined: 'Vaše ověření totožnosti nebylo přijato.',
    unverified: 'Nejprve prosím ověřte svou totožnost.',
    cannot_tell: 'Vaše ověření totožnosti teď nelze dohledat. Zkuste to prosím za chvíli.',
  },
  es: {
    pending: 'La verificación de su identidad aún no ha terminado.',
    in_review: 'Estamos revisando la verificación de su identidad. Inténtelo de nuevo más tarde.',
    declined: 'La verificación de su identidad no fue aceptada.',
    unverified: 'Verifique primero su identidad.',
    cannot_tell:
      'Ahora mismo no se puede consultar la verificación de su identidad. Inténtelo de nuevo en un momento.',
  },
  fr: {
    pending: 'La vérification de votre identité n’est pas encore terminée.',
    in_review: 'La vérification de votre identité est en cours d’examen. Veuillez réessayer plus tard.',
    declined: 'La vérification de votre identité n’a pas été acceptée.',
    unverified: 'Veuillez d’abord vérifier votre identité.',
    cannot_tell:
      'La vérification de votre identité ne peut pas être consultée pour le moment. Veuillez réessayer dans un instant.',
  },
};

const goOn: Readonly<Record<Language, string>> = {
  en: 'Continue here',
  de: 'Hier geht es weiter',
  cs: 'Pokračujte zde',
  es: 'Continúe aquí',
  fr: 'Continuez ici',
};

/** The sentence for a message; with the link, since many login pages print nothing else. */
export function gateText(message: GateMessage, language: Language, url: string | null): string {
  const sentence = texts[language][message];
  return url === null ? sentence : `${sentence} ${goOn[language]}: ${url}`;
}
