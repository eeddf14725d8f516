import type { Amount } from '../../domain/duration.js';
import type { SiteTexts } from './texts.js';

const pictureTips = [
  'Lay the document on a plain, dark surface.',
  'Avoid glare, shadows and blur.',
  'All four corners belong in the picture.',
  'Take off sunglasses and hat for the selfie.',
];

function spelled({ unit, count }: Amount): string {
  const [one, other] = unit === 'hour' ? ['hour', 'hours'] : ['minute', 'minutes'];
  return `${count} ${count === 1 ? one : other}`;
}

/** English. */
export const en: SiteTexts = {
  languageName: 'English',
  chooseLanguage: 'Choose language',
  skipToContent: 'Skip to content',
  site: 'Identity verification',
  keepToYourself: 'This link is meant for you alone. Please do not pass it on.',
  opensNewTab: 'opens in a new tab',
  actions: {
    start: 'Start verification',
    startAgain: 'Take new photos',
    goOn: 'Continue',
    finished: 'I have already taken all photos',
    tryAgain: 'Try again',
    toStart: 'Back to the start',
    leave: 'Back to where you came from',
  },
  welcome: {
    title: 'Confirm your identity',
    lead: ({ organization }) => `${organization} asks you to confirm who you are.`,
    duration: 'About 3 minutes',
    stepsTitle: 'What will happen',
    steps: [
      { title: 'Photograph your document', text: 'Passport, identity card or driving licence' },
      { title: 'Take a selfie', text: 'It shows that the document is yours' },
      { title: 'Get the answer', text: 'Usually within a few minutes' },
    ],
    needsTitle: 'Have ready',
    needs: [
      'Your original document, not a copy or a picture of it',
      'Good light without glare',
      'A phone or computer with a camera; allow its use when the browser asks',
    ],
    privacyTitle: 'Your privacy',
    privacy: ({ organization, vendor }) => [
      `Your photos travel encrypted to ${vendor}, who checks them on behalf of ${organization}.`,
      `They serve to confirm your identity and to prevent fraud, and ${organization} keeps them no longer than it has to.`,
    ],
    timeLeft: left => `This link works for another ${spelled(left)}.`,
  },
  consent: {
    title: 'Your consent',
    label: ({ vendor }) =>
      `I agree that ${vendor} measures my face in the photos (biometric data) and compares it with my document. I have read, understand and accept the notices of ${vendor}.`,
    noticesTitle: ({ vendor }) => `Notices of ${vendor}`,
    notices: { biometrics: 'Face scans', privacy: 'Privacy', terms: 'Terms of service' },
    missing: 'Please tick this box. Without your consent the photos cannot be checked.',
  },
  capture: {
    title: 'Your document and selfie',
    loading: 'Preparing the camera step…',
    slow: 'This takes longer than usual. Please check your connection.',
    sending: 'Finishing up…',
    offline: 'You are offline. Please wait until the connection is back.',
    withoutScript:
      'This step needs JavaScript. Switch it on in the settings of your browser, or open the link in Safari or Chrome.',
    helpTitle: 'Does something not work?',
    help: { camera: 'Camera', browser: 'Browser', offline: 'Connection' },
  },
  messages: {
    again: () => ({
      title: 'Please try once more',
      lead: 'The photos were not good enough for a clear answer. New ones usually solve it.',
      tips: pictureTips,
    }),
    continue: () => ({
      title: 'Welcome back',
      lead: 'You have already started. Continue when you are ready.',
    }),
    submitted: () => ({
      title: 'Thank you, we are checking',
      lead: 'Your photos have arrived. The check usually takes a few minutes.',
      more: ['This page updates by itself. You may also close it: we will let you know.'],
    }),
    in_review: ({ organization }) => ({
      title: 'We are taking a closer look',
      lead: `Somebody at ${organization} looks at your verification in person. That takes a little longer.`,
      more: ['There is nothing more for you to do. You may close this page: we will let you know.'],
    }),
    registered: ({ organization }) => ({
      title: 'You are verified',
      lead: `Your identity is confirmed and you are registered with ${organization}.`,
      more: ['You may close this page and carry on where you left off.'],
    }),
    awaiting: ({ organization }) => ({
      title: 'Thank you, we have everything',
      lead: `${organization} will now complete your registration.`,
      more: ['There is nothing more for you to do. You may close this page: we will tell you.'],
    }),
    rejected: ({ organization }) => ({
      title: 'Not accepted',
      lead: 'Your verification could not be accepted.',
      more: [`Please contact ${organization} if you have questions or think this is a mistake.`],
    }),
    retry_pictures: ({ organization }) => ({
      title: 'The photos could not be read',
      lead: 'You can try again with new photos.',
      more: [`Register again with ${organization}; you will then get a new link.`],
      tips: pictureTips,
    }),
    retry_age: ({ organization }) => ({
      title: 'Minimum age not reached',
      lead: 'According to your document you are younger than required.',
      more: [`If your date of birth was misread, you can register again or contact ${organization}.`],
    }),
    retry_document: ({ organization }) => ({
      title: 'The document could not be accepted',
      lead: 'You can try again, preferably with another document.',
      more: [`Register again with ${organization}; you will then get a new link.`],
      tips: [
        'Use a valid passport, identity card or driving licence.',
        'Photograph the original, not a copy or a screen.',
        'The document must be your own and undamaged.',
      ],
    }),
    expired: ({ organization }) => ({
      title: 'This link has run out',
      lead: 'For your safety, a link works for a limited time only.',
      more: [`Register again with ${organization}; you will then get a new link.`],
    }),
    failed: ({ organization }) => ({
      title: 'That did not work out',
      lead: 'Your verification could not be carried out. The fault is on our side.',
      more: [`Please register again with ${organization}, or contact them if it happens again.`],
    }),
    unknown_link: () => ({
      title: 'This page does not exist',
      lead: 'Please check that you opened the whole link from your message.',
      more: ['A link works for a limited time only. You get a new one where you registered.'],
    }),
    resume: () => ({
      title: 'Carry on with your verification',
      lead: 'Your login needs a confirmed identity. It takes about 3 minutes.',
    }),
    resume_over: () => ({
      title: 'This link cannot be used any more',
      lead: 'It works once, and for 15 minutes only.',
      more: ['Log in again to get a new one.'],
    }),
    too_many: () => ({
      title: 'One moment, please',
      lead: 'This page was opened too often within a short time.',
      more: ['Wait a minute and try again. Nothing is lost.'],
    }),
    foreign_request: () => ({
      title: 'Please open your link again',
      lead: 'For your safety, entries are accepted only from this site’s own pages.',
      more: ['Open the link from your message once more and start from there.'],
    }),
    busy: () => ({
      title: 'One moment, please',
      lead: 'The verification service does not answer right now.',
      more: ['Wait a little and try again. Nothing is lost.'],
    }),
    trouble: () => ({
      title: 'Something went wrong',
      lead: 'The fault is on our side.',
      more: ['Please try again in a moment.'],
    }),
    help_camera: () => ({
      title: 'The camera is not available',
      lead: 'Your browser did not let this page use a camera. This is how to allow it:',
      tips: [
        'iPhone, Safari: tap the icon beside the address, then “Website Settings”, “Camera”, “Allow”.',
        'Android, Chrome: tap the icon beside the address, then “Permissions”, “Camera”, “Allow”.',
        'Close other apps that use the camera, such as video calls.',
        'Did the link open inside another app? Then open it in Safari or Chrome.',
      ],
    }),
    help_offline: () => ({
      title: 'The page could not load',
      lead: 'A part of the verification could not be reached.',
      tips: [
        'Check your Wi-Fi or mobile data.',
        'Switch off ad blocker and VPN for this page; some of them block identity checks.',
        'Then try again. Nothing is lost.',
      ],
    }),
    help_browser: () => ({
      title: 'Please use another browser',
      lead: 'This browser lacks something the camera step needs.',
      tips: [
        'iPhone: open the link in Safari. Android: open it in Chrome.',
        'Did the link open inside another app? Choose “Open in browser” from its menu.',
        'Update your browser and your phone if an update is offered.',
      ],
    }),
    help_error: ({ organization }) => ({
      title: 'Something went wrong',
      lead: 'The verification was interrupted. You can begin again.',
      tips: [
        'Close other tabs and apps, then try again.',
        'Try another browser or another phone; the link works there too.',
        `If it keeps happening, contact ${organization}.`,
      ],
    }),
    help_consent: ({ organization }) => ({
      title: 'Not without your consent',
      lead: 'You did not accept the notice about your photos, so nothing was checked.',
      more: [`If you change your mind, start again. You can also ask ${organization} for another way.`],
    }),
  },
};
