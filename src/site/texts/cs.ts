import type { Amount } from '../../domain/duration.js';
import type { SiteTexts } from './texts.js';

const pictureTips = [
  'Položte doklad na jednobarevný tmavý podklad.',
  'Vyhněte se odleskům, stínům a rozmazání.',
  'Na snímku musí být všechny čtyři rohy.',
  'Na selfie si sundejte sluneční brýle a čepici.',
];

function spelled({ unit, count }: Amount): string {
  const [one, few, many] = unit === 'hour' ? ['hodinu', 'hodiny', 'hodin'] : ['minutu', 'minuty', 'minut'];
  if (count === 1) return `1 ${one}`;
  return `${count} ${count >= 2 && count <= 4 ? few : many}`;
}

/** Czech. */
export const cs: SiteTexts = {
  languageName: 'Čeština',
  chooseLanguage: 'Zvolit jazyk',
  skipToContent: 'Přejít k obsahu',
  site: 'Ověření totožnosti',
  keepToYourself: 'Tento odkaz je určen jen vám. Nikomu ho prosím neposílejte.',
  opensNewTab: 'otevře se v nové kartě',
  actions: {
    start: 'Začít ověření',
    startAgain: 'Pořídit nové snímky',
    goOn: 'Pokračovat',
    finished: 'Všechny snímky už mám pořízené',
    tryAgain: 'Zkusit znovu',
    toStart: 'Zpět na začátek',
    leave: 'Zpět',
  },
  welcome: {
    title: 'Ověřte svou totožnost',
    lead: ({ organization }) => `${organization} vás žádá o potvrzení, kdo jste.`,
    duration: 'Asi 3 minuty',
    stepsTitle: 'Co vás čeká',
    steps: [
      { title: 'Vyfotíte doklad', text: 'Cestovní pas, občanský nebo řidičský průkaz' },
      { title: 'Pořídíte selfie', text: 'Aby bylo vidět, že doklad patří vám' },
      { title: 'Dostanete výsledek', text: 'Obvykle během několika minut' },
    ],
    needsTitle: 'Připravte si',
    needs: [
      'Originál dokladu, ne kopii ani jeho fotku',
      'Dobré světlo bez odlesků',
      'Telefon nebo počítač s fotoaparátem; až se prohlížeč zeptá, povolte jeho použití',
    ],
    privacyTitle: 'Vaše soukromí',
    privacy: ({ organization, vendor }) => [
      `Snímky putují šifrovaně do služby ${vendor}, která je kontroluje pro společnost ${organization}.`,
      `Slouží k potvrzení vaší totožnosti a k předcházení podvodům a ${organization} je neuchovává déle, než musí.`,
    ],
    timeLeft: left => `Odkaz platí ještě ${spelled(left)}.`,
  },
  consent: {
    title: 'Váš souhlas',
    label: ({ vendor }) =>
      `Souhlasím s tím, že ${vendor} změří z fotografií můj obličej (biometrické údaje) a porovná ho s dokladem. Podmínky služby ${vendor} mám přečtené, rozumím jim a přijímám je.`,
    noticesTitle: ({ vendor }) => `Podmínky služby ${vendor}`,
    notices: { biometrics: 'Snímání obličeje', privacy: 'Ochrana soukromí', terms: 'Podmínky použití' },
    missing: 'Zaškrtněte prosím toto pole. Bez vašeho souhlasu nelze snímky zkontrolovat.',
  },
  capture: {
    title: 'Doklad a selfie',
    loading: 'Připravujeme fotoaparát…',
    slow: 'Trvá to déle než obvykle. Zkontrolujte prosím připojení.',
    sending: 'Dokončujeme…',
    offline: 'Jste bez připojení. Počkejte prosím, až se obnoví.',
    withoutScript:
      'Tento krok potřebuje JavaScript. Zapněte ho v nastavení prohlížeče, nebo otevřete odkaz v Safari či Chromu.',
    helpTitle: 'Něco nefunguje?',
    help: { camera: 'Fotoaparát', browser: 'Prohlížeč', offline: 'Připojení' },
  },
  messages: {
    again: () => ({
      title: 'Zkuste to prosím ještě jednou',
      lead: 'Snímky nestačily k jednoznačnému výsledku. Obvykle pomohou nové.',
      tips: pictureTips,
    }),
    continue: () => ({
      title: 'Vítejte zpět',
      lead: 'Ověření už máte rozdělané. Pokračujte, až budete připraveni.',
    }),
    submitted: () => ({
      title: 'Děkujeme, kontrolujeme',
      lead: 'Vaše snímky dorazily. Kontrola obvykle trvá několik minut.',
      more: ['Stránka se sama obnovuje. Můžete ji i zavřít, dáme vám vědět.'],
    }),
    in_review: ({ organization }) => ({
      title: 'Díváme se na to podrobněji',
      lead: `Vaše ověření si osobně prohlédne někdo ze společnosti ${organization}. Trvá to o něco déle.`,
      more: ['Nemusíte už nic dělat. Stránku můžete zavřít, dáme vám vědět.'],
    }),
    registered: ({ organization }) => ({
      title: 'Jste ověřeni',
      lead: `Vaše totožnost je potvrzena a jste zaregistrováni u společnosti ${organization}.`,
      more: ['Stránku můžete zavřít a pokračovat tam, kde jste skončili.'],
    }),
    awaiting: ({ organization }) => ({
      title: 'Děkujeme, máme vše',
      lead: `${organization} nyní dokončí vaši registraci.`,
      more: ['Nemusíte už nic dělat. Stránku můžete zavřít, dáme vám vědět.'],
    }),
    rejected: ({ organization }) => ({
      title: 'Nepřijato',
      lead: 'Vaše ověření nebylo možné přijmout.',
      more: [`Máte-li dotaz nebo jde podle vás o omyl, obraťte se na společnost ${organization}.`],
    }),
    retry_pictures: ({ organization }) => ({
      title: 'Snímky nebyly čitelné',
      lead: 'Můžete to zkusit znovu s novými snímky.',
      more: [`Zaregistrujte se znovu u společnosti ${organization}; dostanete nový odkaz.`],
      tips: pictureTips,
    }),
    retry_age: ({ organization }) => ({
      title: 'Nesplněný minimální věk',
      lead: 'Podle dokladu je váš věk nižší, než je požadováno.',
      more: [
        `Pokud bylo datum narození přečteno špatně, zaregistrujte se znovu nebo kontaktujte společnost ${organization}.`,
      ],
    }),
    retry_document: ({ organization }) => ({
      title: 'Doklad nebylo možné přijmout',
      lead: 'Můžete to zkusit znovu, nejlépe s jiným dokladem.',
      more: [`Zaregistrujte se znovu u společnosti ${organization}; dostanete nový odkaz.`],
      tips: [
        'Použijte platný cestovní pas, občanský nebo řidičský průkaz.',
        'Foťte originál, ne kopii ani obrazovku.',
        'Doklad musí být váš a nepoškozený.',
      ],
    }),
    expired: ({ organization }) => ({
      title: 'Platnost odkazu vypršela',
      lead: 'Pro vaši bezpečnost platí odkaz jen omezenou dobu.',
      more: [`Zaregistrujte se znovu u společnosti ${organization}; dostanete nový odkaz.`],
    }),
    failed: ({ organization }) => ({
      title: 'Tentokrát se to nepodařilo',
      lead: 'Ověření nebylo možné provést. Chyba je na naší straně.',
      more: [
        `Zaregistrujte se prosím znovu u společnosti ${organization}; kdyby se to opakovalo, kontaktujte ji.`,
      ],
    }),
    unknown_link: () => ({
      title: 'Tato stránka neexistuje',
      lead: 'Zkontrolujte prosím, že jste z textové zprávy otevřeli celý odkaz.',
      more: ['Odkaz platí jen omezenou dobu. Nový dostanete tam, kde jste se registrovali.'],
    }),
    resume: () => ({
      title: 'Pokračujte v ověření totožnosti',
      lead: 'Pro přihlášení je potřeba ověřená totožnost. Trvá to asi 3 minuty.',
    }),
    resume_over: () => ({
      title: 'Tento odkaz už nelze použít',
      lead: 'Funguje jen jednou a jen 15 minut.',
      more: ['Přihlaste se znovu a dostanete nový.'],
    }),
    too_many: () => ({
      title: 'Okamžik, prosím',
      lead: 'Stránka byla v krátké době otevřena příliš mnohokrát.',
      more: ['Počkejte minutu a zkuste to znovu. O nic nepřijdete.'],
    }),
    foreign_request: () => ({
      title: 'Otevřete prosím odkaz znovu',
      lead: 'Pro vaši bezpečnost přijímáme údaje jen z vlastních stránek.',
      more: ['Otevřete ještě jednou odkaz ze zprávy a začněte odtud.'],
    }),
    busy: () => ({
      title: 'Okamžik, prosím',
      lead: 'Ověřovací služba právě neodpovídá.',
      more: ['Chvíli počkejte a zkuste to znovu. O nic nepřijdete.'],
    }),
    trouble: () => ({
      title: 'Něco se pokazilo',
      lead: 'Chyba je na naší straně.',
      more: ['Zkuste to prosím za chvíli znovu.'],
    }),
    help_camera: () => ({
      title: 'Fotoaparát není dostupný',
      lead: 'Prohlížeč této stránce nedovolil použít fotoaparát. Povolíte ho takto:',
      tips: [
        'iPhone, Safari: klepněte na ikonu vedle adresy, pak „Nastavení webu“, „Kamera“, „Povolit“.',
        'Android, Chrome: klepněte na ikonu vedle adresy, pak „Oprávnění“, „Fotoaparát“, „Povolit“.',
        'Zavřete ostatní aplikace, které fotoaparát používají, třeba videohovory.',
        'Otevřel se odkaz uvnitř jiné aplikace? Otevřete ho v Safari nebo v Chromu.',
      ],
    }),
    help_offline: () => ({
      title: 'Stránku se nepodařilo načíst',
      lead: 'Část ověření není dosažitelná.',
      tips: [
        'Zkontrolujte Wi-Fi nebo mobilní data.',
        'Vypněte pro tuto stránku blokování reklam a VPN; některé brání ověření totožnosti.',
        'Pak to zkuste znovu. O nic nepřijdete.',
      ],
    }),
    help_browser: () => ({
      title: 'Použijte prosím jiný prohlížeč',
      lead: 'Tomuto prohlížeči chybí něco, co snímání potřebuje.',
      tips: [
        'iPhone: otevřete odkaz v Safari. Android: otevřete ho v Chromu.',
        'Otevřel se odkaz uvnitř jiné aplikace? Zvolte v její nabídce „Otevřít v prohlížeči“.',
        'Nabízí-li telefon nebo prohlížeč aktualizaci, nainstalujte ji.',
      ],
    }),
    help_error: ({ organization }) => ({
      title: 'Něco se pokazilo',
      lead: 'Ověření bylo přerušeno. Můžete začít znovu.',
      tips: [
        'Zavřete ostatní karty a aplikace a zkuste to znovu.',
        'Zkuste jiný prohlížeč nebo telefon; odkaz funguje i tam.',
        `Pokud se to opakuje, kontaktujte společnost ${organization}.`,
      ],
    }),
    help_consent: ({ organization }) => ({
      title: 'Bez vašeho souhlasu to nejde',
      lead: 'Podmínky zpracování snímků jste nepřijali, proto se nic nekontrolovalo.',
      more: [
        `Pokud si to rozmyslíte, začněte znovu. Společnosti ${organization} se můžete zeptat i na jiný způsob.`,
      ],
    }),
  },
};
