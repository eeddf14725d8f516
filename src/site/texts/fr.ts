import type { Amount } from '../../domain/duration.js';
import type { SiteTexts } from './texts.js';

const pictureTips = [
  'Posez le document sur une surface unie et sombre.',
  'Évitez les reflets, les ombres et le flou.',
  'Les quatre coins doivent être visibles sur la photo.',
  'Pour le selfie, retirez lunettes de soleil et chapeau.',
];

function spelled({ unit, count }: Amount): string {
  const [one, other] = unit === 'hour' ? ['heure', 'heures'] : ['minute', 'minutes'];
  return `${count} ${count <= 1 ? one : other}`;
}

/** French. */
export const fr: SiteTexts = {
  languageName: 'Français',
  chooseLanguage: 'Choisir la langue',
  skipToContent: 'Aller au contenu',
  site: 'Vérification d’identité',
  keepToYourself: 'Ce lien n’est destiné qu’à vous. Merci de ne pas le transmettre.',
  opensNewTab: 's’ouvre dans un nouvel onglet',
  actions: {
    start: 'Commencer la vérification',
    startAgain: 'Prendre de nouvelles photos',
    goOn: 'Continuer',
    finished: 'J’ai déjà pris toutes les photos',
    tryAgain: 'Réessayer',
    toStart: 'Revenir au début',
    leave: 'Retour',
  },
  welcome: {
    title: 'Confirmez votre identité',
    lead: ({ organization }) => `${organization} vous demande de confirmer votre identité.`,
    duration: 'Environ 3 minutes',
    stepsTitle: 'Comment cela se passe',
    steps: [
      { title: 'Photographiez votre document', text: 'Passeport, carte d’identité ou permis de conduire' },
      { title: 'Prenez un selfie', text: 'Il montre que le document est bien le vôtre' },
      { title: 'Recevez la réponse', text: 'Le plus souvent en quelques minutes' },
    ],
    needsTitle: 'À préparer',
    needs: [
      'Votre document original, pas une copie ni une photo',
      'Un bon éclairage, sans reflets',
      'Un téléphone ou un ordinateur avec caméra ; autorisez son usage quand le navigateur le demande',
    ],
    privacyTitle: 'Votre vie privée',
    privacy: ({ organization, vendor }) => [
      `Vos photos sont envoyées chiffrées à ${vendor}, qui les vérifie pour le compte de ${organization}.`,
      `Elles servent à confirmer votre identité et à prévenir la fraude ; ${organization} ne les garde pas plus longtemps que nécessaire.`,
    ],
    timeLeft: left => `Ce lien est encore valable ${spelled(left)}.`,
  },
  consent: {
    title: 'Votre consentement',
    label: ({ vendor }) =>
      `J’accepte que ${vendor} mesure mon visage sur les photos (données biométriques) et le compare à mon document. J’ai lu, je comprends et j’accepte les avis de ${vendor}.`,
    noticesTitle: ({ vendor }) => `Avis de ${vendor}`,
    notices: {
      biometrics: 'Analyse du visage',
      privacy: 'Confidentialité',
      terms: 'Conditions d’utilisation',
    },
    missing: 'Veuillez cocher cette case. Sans votre consentement, les photos ne peuvent pas être vérifiées.',
  },
  capture: {
    title: 'Votre document et votre selfie',
    loading: 'Préparation de la caméra…',
    slow: 'C’est plus long que d’habitude. Vérifiez votre connexion.',
    sending: 'Finalisation…',
    offline: 'Vous êtes hors ligne. Attendez le retour de la connexion.',
    withoutScript:
      'Cette étape nécessite JavaScript. Activez-le dans les réglages de votre navigateur ou ouvrez le lien dans Safari ou Chrome.',
    helpTitle: 'Un problème ?',
    help: { camera: 'Caméra', browser: 'Navigateur', offline: 'Connexion' },
  },
  messages: {
    again: () => ({
      title: 'Merci de réessayer',
      lead: 'Les photos n’ont pas suffi pour une réponse claire. De nouvelles photos règlent souvent le problème.',
      tips: pictureTips,
    }),
    continue: () => ({
      title: 'Heureux de vous revoir',
      lead: 'Vous avez déjà commencé. Continuez quand vous voulez.',
    }),
    submitted: () => ({
      title: 'Merci, nous vérifions',
      lead: 'Vos photos sont arrivées. La vérification prend en général quelques minutes.',
      more: ['Cette page s’actualise seule. Vous pouvez aussi la fermer : nous vous préviendrons.'],
    }),
    in_review: ({ organization }) => ({
      title: 'Nous regardons de plus près',
      lead: `Une personne de ${organization} examine votre vérification. Cela prend un peu plus de temps.`,
      more: ['Vous n’avez plus rien à faire. Vous pouvez fermer cette page : nous vous préviendrons.'],
    }),
    registered: ({ organization }) => ({
      title: 'Identité vérifiée',
      lead: `Votre identité est confirmée et votre inscription auprès de ${organization} est faite.`,
      more: ['Vous pouvez fermer cette page et reprendre là où vous en étiez.'],
    }),
    awaiting: ({ organization }) => ({
      title: 'Merci, nous avons tout',
      lead: `${organization} va maintenant finaliser votre inscription.`,
      more: ['Vous n’avez plus rien à faire. Vous pouvez fermer cette page : nous vous préviendrons.'],
    }),
    rejected: ({ organization }) => ({
      title: 'Non acceptée',
      lead: 'Votre vérification n’a pas pu être acceptée.',
      more: [`Si vous avez des questions ou pensez à une erreur, contactez ${organization}.`],
    }),
    retry_pictures: ({ organization }) => ({
      title: 'Les photos étaient illisibles',
      lead: 'Vous pouvez réessayer avec de nouvelles photos.',
      more: [`Inscrivez-vous à nouveau auprès de ${organization} ; vous recevrez un nouveau lien.`],
      tips: pictureTips,
    }),
    retry_age: ({ organization }) => ({
      title: 'Âge minimum non atteint',
      lead: 'D’après votre document, vous n’avez pas l’âge requis.',
      more: [
        `Si votre date de naissance a été mal lue, inscrivez-vous à nouveau ou contactez ${organization}.`,
      ],
    }),
    retry_document: ({ organization }) => ({
      title: 'Le document n’a pas pu être accepté',
      lead: 'Vous pouvez réessayer, de préférence avec un autre document.',
      more: [`Inscrivez-vous à nouveau auprès de ${organization} ; vous recevrez un nouveau lien.`],
      tips: [
        'Utilisez un passeport, une carte d’identité ou un permis de conduire valable.',
        'Photographiez l’original, pas une copie ni un écran.',
        'Le document doit être le vôtre et en bon état.',
      ],
    }),
    expired: ({ organization }) => ({
      title: 'Ce lien a expiré',
      lead: 'Pour votre sécurité, un lien n’est valable qu’un certain temps.',
      more: [`Inscrivez-vous à nouveau auprès de ${organization} ; vous recevrez un nouveau lien.`],
    }),
    failed: ({ organization }) => ({
      title: 'Cela n’a pas fonctionné',
      lead: 'Votre vérification n’a pas pu être effectuée. L’erreur vient de nous.',
      more: [`Inscrivez-vous à nouveau auprès de ${organization}, ou contactez-les si cela se reproduit.`],
    }),
    unknown_link: () => ({
      title: 'Cette page n’existe pas',
      lead: 'Vérifiez que vous avez ouvert le lien complet de votre message.',
      more: [
        'Un lien n’est valable qu’un certain temps. Vous en obtiendrez un nouveau à l’endroit de votre inscription.',
      ],
    }),
    resume: () => ({
      title: 'Poursuivez votre vérification',
      lead: 'La connexion demande une identité confirmée. Cela prend environ 3 minutes.',
    }),
    resume_over: () => ({
      title: 'Ce lien ne peut plus être utilisé',
      lead: 'Il ne fonctionne qu’une fois et pendant 15 minutes seulement.',
      more: ['Connectez-vous de nouveau pour en recevoir un autre.'],
    }),
    too_many: () => ({
      title: 'Un instant, s’il vous plaît',
      lead: 'Cette page a été ouverte trop souvent en peu de temps.',
      more: ['Attendez une minute et réessayez. Rien n’est perdu.'],
    }),
    foreign_request: () => ({
      title: 'Rouvrez votre lien',
      lead: 'Pour votre sécurité, nous n’acceptons que ce qui vient de nos propres pages.',
      more: ['Ouvrez à nouveau le lien de votre message et recommencez à partir de là.'],
    }),
    busy: () => ({
      title: 'Un instant, s’il vous plaît',
      lead: 'Le service de vérification ne répond pas pour le moment.',
      more: ['Attendez un peu et réessayez. Rien n’est perdu.'],
    }),
    trouble: () => ({
      title: 'Une erreur est survenue',
      lead: 'L’erreur vient de nous.',
      more: ['Merci de réessayer dans un instant.'],
    }),
    help_camera: () => ({
      title: 'La caméra n’est pas disponible',
      lead: 'Votre navigateur n’a pas laissé cette page utiliser une caméra. Voici comment l’autoriser :',
      tips: [
        'iPhone, Safari : touchez l’icône à côté de l’adresse, puis « Réglages du site web », « Caméra », « Autoriser ».',
        'Android, Chrome : touchez l’icône à côté de l’adresse, puis « Autorisations », « Caméra », « Autoriser ».',
        'Fermez les autres applications qui utilisent la caméra, comme les appels vidéo.',
        'Le lien s’est ouvert dans une autre application ? Ouvrez-le dans Safari ou Chrome.',
      ],
    }),
    help_offline: () => ({
      title: 'La page n’a pas pu se charger',
      lead: 'Une partie de la vérification est inaccessible.',
      tips: [
        'Vérifiez le wifi ou les données mobiles.',
        'Désactivez pour cette page le bloqueur de publicité et le VPN ; certains bloquent les vérifications d’identité.',
        'Réessayez ensuite. Rien n’est perdu.',
      ],
    }),
    help_browser: () => ({
      title: 'Utilisez un autre navigateur',
      lead: 'Il manque à ce navigateur quelque chose dont la prise de vue a besoin.',
      tips: [
        'iPhone : ouvrez le lien dans Safari. Android : ouvrez-le dans Chrome.',
        'Le lien s’est ouvert dans une autre application ? Choisissez « Ouvrir dans le navigateur » dans son menu.',
        'Mettez à jour votre navigateur et votre téléphone si une mise à jour est proposée.',
      ],
    }),
    help_error: ({ organization }) => ({
      title: 'Une erreur est survenue',
      lead: 'La vérification a été interrompue. Vous pouvez recommencer.',
      tips: [
        'Fermez les autres onglets et applications, puis réessayez.',
        'Essayez un autre navigateur ou un autre téléphone ; le lien y fonctionne aussi.',
        `Si cela se reproduit, contactez ${organization}.`,
      ],
    }),
    help_consent: ({ organization }) => ({
      title: 'Pas sans votre consentement',
      lead: 'Vous n’avez pas accepté l’avis concernant vos photos ; rien n’a donc été vérifié.',
      more: [
        `Si vous changez d’avis, recommencez. Vous pouvez aussi demander une autre solution à ${organization}.`,
      ],
    }),
  },
};
