import type { Amount } from '../../domain/duration.js';
import type { SiteTexts } from './texts.js';

const pictureTips = [
  'Coloque el documento sobre una superficie lisa y oscura.',
  'Evite reflejos, sombras e imágenes borrosas.',
  'Las cuatro esquinas deben verse en la foto.',
  'Para el selfi, quítese las gafas de sol y la gorra.',
];

function spelled({ unit, count }: Amount): string {
  const [one, other] = unit === 'hour' ? ['hora', 'horas'] : ['minuto', 'minutos'];
  return `${count} ${count === 1 ? one : other}`;
}

/** Spanish. */
export const es: SiteTexts = {
  languageName: 'Español',
  chooseLanguage: 'Elegir idioma',
  skipToContent: 'Ir al contenido',
  site: 'Verificación de identidad',
  keepToYourself: 'Este enlace es solo para usted. No lo comparta con nadie.',
  opensNewTab: 'se abre en una pestaña nueva',
  actions: {
    start: 'Empezar la verificación',
    startAgain: 'Hacer fotos nuevas',
    goOn: 'Continuar',
    finished: 'Ya he hecho todas las fotos',
    tryAgain: 'Intentar de nuevo',
    toStart: 'Volver al inicio',
    leave: 'Volver',
  },
  welcome: {
    title: 'Confirme su identidad',
    lead: ({ organization }) => `${organization} le pide que confirme su identidad.`,
    duration: 'Unos 3 minutos',
    stepsTitle: 'Qué va a pasar',
    steps: [
      { title: 'Fotografíe su documento', text: 'Pasaporte, documento de identidad o permiso de conducir' },
      { title: 'Hágase un selfi', text: 'Muestra que el documento es suyo' },
      { title: 'Reciba la respuesta', text: 'Normalmente en pocos minutos' },
    ],
    needsTitle: 'Tenga a mano',
    needs: [
      'Su documento original, no una copia ni una foto',
      'Buena luz, sin reflejos',
      'Un teléfono u ordenador con cámara; permita su uso cuando el navegador lo pregunte',
    ],
    privacyTitle: 'Su privacidad',
    privacy: ({ organization, vendor }) => [
      `Sus fotos viajan cifradas a ${vendor}, que las comprueba por encargo de ${organization}.`,
      `Sirven para confirmar su identidad y prevenir el fraude, y ${organization} no las conserva más tiempo del necesario.`,
    ],
    timeLeft: left => `A este enlace le ${left.count === 1 ? 'queda' : 'quedan'} ${spelled(left)}.`,
  },
  consent: {
    title: 'Su consentimiento',
    label: ({ vendor }) =>
      `Acepto que ${vendor} mida mi rostro en las fotos (datos biométricos) y lo compare con mi documento. He leído, comprendo y acepto los avisos de ${vendor}.`,
    noticesTitle: ({ vendor }) => `Avisos de ${vendor}`,
    notices: { biometrics: 'Escaneo facial', privacy: 'Privacidad', terms: 'Condiciones del servicio' },
    missing: 'Marque esta casilla. Sin su consentimiento no se pueden comprobar las fotos.',
  },
  capture: {
    title: 'Su documento y su selfi',
    loading: 'Preparando la cámara…',
    slow: 'Está tardando más de lo normal. Compruebe su conexión.',
    sending: 'Terminando…',
    offline: 'No tiene conexión. Espere a que vuelva.',
    withoutScript:
      'Este paso necesita JavaScript. Actívelo en los ajustes del navegador o abra el enlace en Safari o Chrome.',
    helpTitle: '¿Algo no funciona?',
    help: { camera: 'Cámara', browser: 'Navegador', offline: 'Conexión' },
  },
  messages: {
    again: () => ({
      title: 'Inténtelo una vez más',
      lead: 'Las fotos no bastaron para una respuesta clara. Con fotos nuevas suele resolverse.',
      tips: pictureTips,
    }),
    continue: () => ({
      title: 'Nos alegra verle de nuevo',
      lead: 'Ya había empezado. Continúe cuando quiera.',
    }),
    submitted: () => ({
      title: 'Gracias, lo estamos comprobando',
      lead: 'Sus fotos han llegado. La comprobación suele tardar unos minutos.',
      more: ['Esta página se actualiza sola. También puede cerrarla: le avisaremos.'],
    }),
    in_review: ({ organization }) => ({
      title: 'Lo estamos mirando con detalle',
      lead: `Una persona de ${organization} está revisando su verificación. Esto tarda un poco más.`,
      more: ['No tiene que hacer nada más. Puede cerrar esta página: le avisaremos.'],
    }),
    registered: ({ organization }) => ({
      title: 'Identidad verificada',
      lead: `Su identidad está confirmada y su registro en ${organization} está completo.`,
      more: ['Puede cerrar esta página y seguir donde lo dejó.'],
    }),
    awaiting: ({ organization }) => ({
      title: 'Gracias, ya lo tenemos todo',
      lead: `${organization} completará ahora su registro.`,
      more: ['No tiene que hacer nada más. Puede cerrar esta página: le avisaremos.'],
    }),
    rejected: ({ organization }) => ({
      title: 'No aceptada',
      lead: 'Su verificación no se ha podido aceptar.',
      more: [`Si tiene preguntas o cree que es un error, póngase en contacto con ${organization}.`],
    }),
    retry_pictures: ({ organization }) => ({
      title: 'Las fotos no se podían leer',
      lead: 'Puede intentarlo otra vez con fotos nuevas.',
      more: [`Regístrese de nuevo en ${organization} y recibirá un enlace nuevo.`],
      tips: pictureTips,
    }),
    retry_age: ({ organization }) => ({
      title: 'No alcanza la edad mínima',
      lead: 'Según su documento, tiene menos años de los requeridos.',
      more: [
        `Si la fecha de nacimiento se leyó mal, puede registrarse de nuevo o contactar con ${organization}.`,
      ],
    }),
    retry_document: ({ organization }) => ({
      title: 'El documento no se ha podido aceptar',
      lead: 'Puede intentarlo otra vez, mejor con otro documento.',
      more: [`Regístrese de nuevo en ${organization} y recibirá un enlace nuevo.`],
      tips: [
        'Use un pasaporte, documento de identidad o permiso de conducir en vigor.',
        'Fotografíe el original, no una copia ni una pantalla.',
        'El documento debe ser suyo y estar en buen estado.',
      ],
    }),
    expired: ({ organization }) => ({
      title: 'Este enlace ha caducado',
      lead: 'Por su seguridad, cada enlace vale solo durante un tiempo.',
      more: [`Regístrese de nuevo en ${organization} y recibirá un enlace nuevo.`],
    }),
    failed: ({ organization }) => ({
      title: 'No ha funcionado',
      lead: 'Su verificación no se ha podido realizar. El fallo es nuestro.',
      more: [`Regístrese de nuevo en ${organization} o póngase en contacto si vuelve a ocurrir.`],
    }),
    unknown_link: () => ({
      title: 'Esta página no existe',
      lead: 'Compruebe que ha abierto el enlace completo de su mensaje.',
      more: ['Cada enlace vale solo durante un tiempo. Recibirá uno nuevo donde se registró.'],
    }),
    resume: () => ({
      title: 'Continúe con su verificación',
      lead: 'Para iniciar sesión hace falta una identidad confirmada. Tarda unos 3 minutos.',
    }),
    resume_over: () => ({
      title: 'Este enlace ya no se puede usar',
      lead: 'Funciona una sola vez y solo durante 15 minutos.',
      more: ['Inicie sesión de nuevo para recibir otro.'],
    }),
    too_many: () => ({
      title: 'Un momento, por favor',
      lead: 'Esta página se ha abierto demasiadas veces en poco tiempo.',
      more: ['Espere un minuto e inténtelo de nuevo. No se pierde nada.'],
    }),
    foreign_request: () => ({
      title: 'Abra su enlace otra vez',
      lead: 'Por su seguridad, solo aceptamos datos enviados desde nuestras propias páginas.',
      more: ['Abra de nuevo el enlace de su mensaje y empiece desde allí.'],
    }),
    busy: () => ({
      title: 'Un momento, por favor',
      lead: 'El servicio de verificación no responde ahora mismo.',
      more: ['Espere un poco e inténtelo de nuevo. No se pierde nada.'],
    }),
    trouble: () => ({
      title: 'Algo ha fallado',
      lead: 'El fallo es nuestro.',
      more: ['Inténtelo de nuevo en un momento.'],
    }),
    help_camera: () => ({
      title: 'La cámara no está disponible',
      lead: 'El navegador no ha dejado que esta página use una cámara. Así puede permitirlo:',
      tips: [
        'iPhone, Safari: toque el icono junto a la dirección y luego «Ajustes del sitio web», «Cámara», «Permitir».',
        'Android, Chrome: toque el icono junto a la dirección y luego «Permisos», «Cámara», «Permitir».',
        'Cierre otras aplicaciones que usen la cámara, como videollamadas.',
        '¿El enlace se abrió dentro de otra aplicación? Ábralo en Safari o Chrome.',
      ],
    }),
    help_offline: () => ({
      title: 'La página no se ha podido cargar',
      lead: 'No se ha podido acceder a una parte de la verificación.',
      tips: [
        'Compruebe el wifi o los datos móviles.',
        'Desactive para esta página el bloqueador de anuncios y la VPN; algunos impiden verificar la identidad.',
        'Después inténtelo de nuevo. No se pierde nada.',
      ],
    }),
    help_browser: () => ({
      title: 'Use otro navegador',
      lead: 'A este navegador le falta algo que la cámara necesita.',
      tips: [
        'iPhone: abra el enlace en Safari. Android: ábralo en Chrome.',
        '¿El enlace se abrió dentro de otra aplicación? Elija «Abrir en el navegador» en su menú.',
        'Actualice el navegador y el teléfono si hay una actualización.',
      ],
    }),
    help_error: ({ organization }) => ({
      title: 'Algo ha fallado',
      lead: 'La verificación se ha interrumpido. Puede empezar de nuevo.',
      tips: [
        'Cierre otras pestañas y aplicaciones e inténtelo de nuevo.',
        'Pruebe con otro navegador u otro teléfono; el enlace también funciona allí.',
        `Si se repite, póngase en contacto con ${organization}.`,
      ],
    }),
    help_consent: ({ organization }) => ({
      title: 'Sin su consentimiento no es posible',
      lead: 'No ha aceptado el aviso sobre sus fotos, así que no se ha comprobado nada.',
      more: [`Si cambia de opinión, empiece de nuevo. También puede pedir otra vía a ${organization}.`],
    }),
  },
};
