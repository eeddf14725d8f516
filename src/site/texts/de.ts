import type { Amount } from '../../domain/duration.js';
import type { SiteTexts } from './texts.js';

const pictureTips = [
  'Legen Sie den Ausweis auf eine einfarbige, dunkle Fläche.',
  'Vermeiden Sie Spiegelungen, Schatten und Unschärfe.',
  'Alle vier Ecken müssen im Bild sein.',
  'Nehmen Sie für das Selfie Sonnenbrille und Mütze ab.',
];

function spelled({ unit, count }: Amount): string {
  const [one, other] = unit === 'hour' ? ['Stunde', 'Stunden'] : ['Minute', 'Minuten'];
  return `${count} ${count === 1 ? one : other}`;
}

/** German. */
export const de: SiteTexts = {
  languageName: 'Deutsch',
  chooseLanguage: 'Sprache wählen',
  skipToContent: 'Zum Inhalt springen',
  site: 'Identitätsprüfung',
  keepToYourself: 'Dieser Link ist nur für Sie bestimmt. Bitte geben Sie ihn nicht weiter.',
  opensNewTab: 'öffnet sich in einem neuen Tab',
  actions: {
    start: 'Prüfung starten',
    startAgain: 'Neue Fotos aufnehmen',
    goOn: 'Weiter',
    finished: 'Ich habe schon alle Fotos gemacht',
    tryAgain: 'Erneut versuchen',
    toStart: 'Zurück zum Anfang',
    leave: 'Zurück',
  },
  welcome: {
    title: 'Bestätigen Sie Ihre Identität',
    lead: ({ organization }) => `${organization} bittet Sie zu bestätigen, wer Sie sind.`,
    duration: 'Etwa 3 Minuten',
    stepsTitle: 'So läuft es ab',
    steps: [
      { title: 'Ausweis fotografieren', text: 'Reisepass, Personalausweis oder Führerschein' },
      { title: 'Selfie aufnehmen', text: 'Es zeigt, dass der Ausweis Ihnen gehört' },
      { title: 'Antwort erhalten', text: 'Meist innerhalb weniger Minuten' },
    ],
    needsTitle: 'Halten Sie bereit',
    needs: [
      'Ihren Ausweis im Original, keine Kopie und kein Foto davon',
      'Gutes Licht ohne Spiegelungen',
      'Ein Telefon oder einen Computer mit Kamera; erlauben Sie den Zugriff, wenn der Browser fragt',
    ],
    privacyTitle: 'Ihre Privatsphäre',
    privacy: ({ organization, vendor }) => [
      `Ihre Fotos gehen verschlüsselt an ${vendor} und werden dort im Auftrag von ${organization} geprüft.`,
      `Sie dienen dazu, Ihre Identität zu bestätigen und Betrug zu verhindern; ${organization} bewahrt sie nicht länger auf als nötig.`,
    ],
    timeLeft: left => `Dieser Link gilt noch ${spelled(left)}.`,
  },
  consent: {
    title: 'Ihre Einwilligung',
    label: ({ vendor }) =>
      `Ich bin einverstanden, dass ${vendor} mein Gesicht auf den Fotos vermisst (biometrische Daten) und mit meinem Ausweis vergleicht. Die Hinweise von ${vendor} habe ich gelesen und verstanden, und ich nehme sie an.`,
    noticesTitle: ({ vendor }) => `Hinweise von ${vendor}`,
    notices: { biometrics: 'Gesichtserfassung', privacy: 'Datenschutz', terms: 'Nutzungsbedingungen' },
    missing: 'Bitte setzen Sie dieses Häkchen. Ohne Ihre Einwilligung können die Fotos nicht geprüft werden.',
  },
  capture: {
    title: 'Ihr Ausweis und Ihr Selfie',
    loading: 'Die Kamera wird vorbereitet…',
    slow: 'Das dauert länger als sonst. Bitte prüfen Sie Ihre Verbindung.',
    sending: 'Wird abgeschlossen…',
    offline: 'Sie sind offline. Bitte warten Sie, bis die Verbindung wieder da ist.',
    withoutScript:
      'Dieser Schritt braucht JavaScript. Schalten Sie es in den Einstellungen Ihres Browsers ein oder öffnen Sie den Link in Safari oder Chrome.',
    helpTitle: 'Etwas funktioniert nicht?',
    help: { camera: 'Kamera', browser: 'Browser', offline: 'Verbindung' },
  },
  messages: {
    again: () => ({
      title: 'Bitte versuchen Sie es noch einmal',
      lead: 'Die Fotos reichten nicht für eine klare Antwort. Neue Aufnahmen helfen meistens.',
      tips: pictureTips,
    }),
    continue: () => ({
      title: 'Willkommen zurück',
      lead: 'Sie haben schon begonnen. Machen Sie weiter, sobald Sie so weit sind.',
    }),
    submitted: () => ({
      title: 'Danke, wir prüfen',
      lead: 'Ihre Fotos sind angekommen. Die Prüfung dauert meist wenige Minuten.',
      more: [
        'Diese Seite aktualisiert sich selbst. Sie können sie auch schließen: Wir geben Ihnen Bescheid.',
      ],
    }),
    in_review: ({ organization }) => ({
      title: 'Wir sehen genauer hin',
      lead: `Bei ${organization} sieht sich jemand Ihre Prüfung persönlich an. Das dauert etwas länger.`,
      more: ['Sie müssen nichts weiter tun. Sie können diese Seite schließen: Wir geben Ihnen Bescheid.'],
    }),
    registered: ({ organization }) => ({
      title: 'Ihre Identität ist bestätigt',
      lead: `Sie sind jetzt bei ${organization} registriert.`,
      more: ['Sie können diese Seite schließen und dort weitermachen, wo Sie aufgehört haben.'],
    }),
    awaiting: ({ organization }) => ({
      title: 'Danke, wir haben alles',
      lead: `${organization} schließt nun Ihre Registrierung ab.`,
      more: ['Sie müssen nichts weiter tun. Sie können diese Seite schließen: Wir geben Ihnen Bescheid.'],
    }),
    rejected: ({ organization }) => ({
      title: 'Nicht angenommen',
      lead: 'Ihre Prüfung konnte nicht angenommen werden.',
      more: [`Wenn Sie Fragen haben oder einen Irrtum vermuten, wenden Sie sich bitte an ${organization}.`],
    }),
    retry_pictures: ({ organization }) => ({
      title: 'Die Fotos waren nicht lesbar',
      lead: 'Sie können es mit neuen Fotos erneut versuchen.',
      more: [`Registrieren Sie sich noch einmal bei ${organization}; Sie erhalten dann einen neuen Link.`],
      tips: pictureTips,
    }),
    retry_age: ({ organization }) => ({
      title: 'Mindestalter nicht erreicht',
      lead: 'Laut Ihrem Ausweis sind Sie jünger als vorgeschrieben.',
      more: [
        `Falls Ihr Geburtsdatum falsch gelesen wurde, registrieren Sie sich noch einmal oder wenden Sie sich an ${organization}.`,
      ],
    }),
    retry_document: ({ organization }) => ({
      title: 'Der Ausweis konnte nicht angenommen werden',
      lead: 'Sie können es erneut versuchen, am besten mit einem anderen Ausweis.',
      more: [`Registrieren Sie sich noch einmal bei ${organization}; Sie erhalten dann einen neuen Link.`],
      tips: [
        'Nehmen Sie einen gültigen Reisepass, Personalausweis oder Führerschein.',
        'Fotografieren Sie das Original, keine Kopie und keinen Bildschirm.',
        'Der Ausweis muss Ihr eigener und unbeschädigt sein.',
      ],
    }),
    expired: ({ organization }) => ({
      title: 'Dieser Link ist abgelaufen',
      lead: 'Zu Ihrer Sicherheit gilt ein Link nur eine begrenzte Zeit.',
      more: [`Registrieren Sie sich noch einmal bei ${organization}; Sie erhalten dann einen neuen Link.`],
    }),
    failed: ({ organization }) => ({
      title: 'Das hat nicht geklappt',
      lead: 'Ihre Prüfung konnte nicht durchgeführt werden. Der Fehler liegt bei uns.',
      more: [
        `Bitte registrieren Sie sich noch einmal bei ${organization}, oder melden Sie sich dort, wenn es wieder passiert.`,
      ],
    }),
    unknown_link: () => ({
      title: 'Diese Seite gibt es nicht',
      lead: 'Bitte prüfen Sie, ob Sie den ganzen Link aus Ihrer Nachricht geöffnet haben.',
      more: [
        'Ein Link gilt nur eine begrenzte Zeit. Einen neuen erhalten Sie dort, wo Sie sich registriert haben.',
      ],
    }),
    resume: () => ({
      title: 'Weiter mit Ihrer Identitätsprüfung',
      lead: 'Für die Anmeldung muss Ihre Identität bestätigt sein. Das dauert etwa 3 Minuten.',
    }),
    resume_over: () => ({
      title: 'Dieser Link gilt nicht mehr',
      lead: 'Er funktioniert nur einmal und nur 15 Minuten lang.',
      more: ['Melden Sie sich erneut an, um einen neuen zu erhalten.'],
    }),
    too_many: () => ({
      title: 'Einen Moment, bitte',
      lead: 'Diese Seite wurde in kurzer Zeit zu oft aufgerufen.',
      more: ['Warten Sie eine Minute und versuchen Sie es erneut. Es geht nichts verloren.'],
    }),
    foreign_request: () => ({
      title: 'Bitte öffnen Sie Ihren Link erneut',
      lead: 'Zu Ihrer Sicherheit werden Eingaben nur von unseren eigenen Seiten angenommen.',
      more: ['Öffnen Sie den Link aus Ihrer Nachricht noch einmal und beginnen Sie dort.'],
    }),
    busy: () => ({
      title: 'Einen Moment, bitte',
      lead: 'Der Prüfdienst antwortet gerade nicht.',
      more: ['Warten Sie ein wenig und versuchen Sie es erneut. Es geht nichts verloren.'],
    }),
    trouble: () => ({
      title: 'Etwas ist schiefgegangen',
      lead: 'Der Fehler liegt bei uns.',
      more: ['Bitte versuchen Sie es gleich noch einmal.'],
    }),
    help_camera: () => ({
      title: 'Die Kamera ist nicht verfügbar',
      lead: 'Ihr Browser hat dieser Seite keine Kamera freigegeben. So erlauben Sie es:',
      tips: [
        'iPhone, Safari: Tippen Sie auf das Symbol neben der Adresse, dann „Website-Einstellungen“, „Kamera“, „Erlauben“.',
        'Android, Chrome: Tippen Sie auf das Symbol neben der Adresse, dann „Berechtigungen“, „Kamera“, „Zulassen“.',
        'Schließen Sie andere Apps, die die Kamera benutzen, etwa Videoanrufe.',
        'Hat sich der Link innerhalb einer anderen App geöffnet? Dann öffnen Sie ihn in Safari oder Chrome.',
      ],
    }),
    help_offline: () => ({
      title: 'Die Seite konnte nicht laden',
      lead: 'Ein Teil der Prüfung ist nicht erreichbar.',
      tips: [
        'Prüfen Sie WLAN oder mobile Daten.',
        'Schalten Sie Werbeblocker und VPN für diese Seite aus; manche sperren Identitätsprüfungen.',
        'Versuchen Sie es dann erneut. Es geht nichts verloren.',
      ],
    }),
    help_browser: () => ({
      title: 'Bitte nehmen Sie einen anderen Browser',
      lead: 'Diesem Browser fehlt etwas, das die Aufnahme braucht.',
      tips: [
        'iPhone: Öffnen Sie den Link in Safari. Android: Öffnen Sie ihn in Chrome.',
        'Hat sich der Link innerhalb einer anderen App geöffnet? Wählen Sie in deren Menü „Im Browser öffnen“.',
        'Installieren Sie Updates für Browser und Telefon, wenn welche angeboten werden.',
      ],
    }),
    help_error: ({ organization }) => ({
      title: 'Etwas ist schiefgegangen',
      lead: 'Die Prüfung wurde unterbrochen. Sie können von vorn beginnen.',
      tips: [
        'Schließen Sie andere Tabs und Apps und versuchen Sie es erneut.',
        'Versuchen Sie es mit einem anderen Browser oder Telefon; der Link gilt auch dort.',
        `Wenn es wieder passiert, wenden Sie sich an ${organization}.`,
      ],
    }),
    help_consent: ({ organization }) => ({
      title: 'Ohne Ihre Einwilligung geht es nicht',
      lead: 'Sie haben den Hinweisen zu Ihren Fotos nicht zugestimmt, deshalb wurde nichts geprüft.',
      more: [
        `Wenn Sie es sich anders überlegen, beginnen Sie noch einmal. Sie können ${organization} auch nach einem anderen Weg fragen.`,
      ],
    }),
  },
};
