/** The kiosk API described for machines, from the very schemas that check its requests. */
import { z } from 'zod';
import {
  errorAnswer,
  lookupAnswer,
  lookupRequest,
  registrationAnswer,
  registrationRequest,
} from './schemas.js';

const schemas = {
  RegistrationRequest: registrationRequest,
  Registration: registrationAnswer,
  LookupRequest: lookupRequest,
  Identity: lookupAnswer,
  Error: errorAnswer,
} as const;

type SchemaName = keyof typeof schemas;

const refusalTexts: Readonly<Record<number, string>> = {
  400: 'the request is malformed: `body_invalid`, `phone_invalid`',
  401: 'no valid kiosk key',
  404: 'no such registration in this organization',
  409: 'refused in the present state: `rejected_final`, `kratos_identity_differs`, `registration_closed`, `resend_used_up`, `notify_none`',
  422: 'the number is not served: `phone_country_not_allowed`, `phone_not_mobile`',
  429: 'a limit: `sms_limit_number`, `sms_limit_kiosk`, `sms_limit_total`, `resend_too_soon`',
};

/** The document served at `/api/v1/openapi.json`: OpenAPI 3.1. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Gatehouse kiosk API', version: '1', description: 'Registrations asked for by kiosks.' },
    security: [{ kioskKey: [] }],
    paths: {
      '/api/v1/registrations': {
        post: operation('Ask for a customer to be verified', {
          body: 'RegistrationRequest',
          answers: {
            201: answer('Registration', 'made'),
            200: answer('Registration', 'the one that answers already'),
          },
          refusals: [400, 401, 409, 422, 429],
        }),
      },
      '/api/v1/registrations/{id}': {
        parameters: [idParameter],
        get: operation('One registration', {
          answers: { 200: answer('Registration', 'found') },
          refusals: [401, 404],
        }),
      },
      '/api/v1/registrations/{id}/qr.svg': {
        parameters: [idParameter],
        get: operation('The kiosk’s link as a QR code', {
          answers: {
            200: { description: 'picture', content: { 'image/svg+xml': { schema: { type: 'string' } } } },
          },
          refusals: [401, 404],
        }),
      },
      '/api/v1/registrations/{id}/resend': {
        parameters: [idParameter],
        post: operation('Text the link once more', {
          answers: { 200: answer('Registration', 'will be sent') },
          refusals: [401, 404, 409, 429],
        }),
      },
      '/api/v1/registrations/{id}/events': {
        parameters: [idParameter],
        get: operation('Changes of status, as server-sent events; `Last-Event-ID` is honoured', {
          answers: {
            200: { description: 'stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
          },
          refusals: [401, 404],
        }),
      },
      '/api/v1/identities/lookup': {
        post: operation('What is known of a number', {
          body: 'LookupRequest',
          answers: { 200: answer('Identity', 'known or not') },
          refusals: [400, 401, 422],
        }),
      },
    },
    components: {
      securitySchemes: { kioskKey: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, toSchema(name, schema)]),
      ),
    },
  };
}

const idParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

/** A schema with a name comes out as a reference into definitions of its own, which would lead nowhere in here. */
function toSchema(name: string, schema: z.ZodType): object {
  const { $defs, $schema, ...whole } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as {
    $defs?: Record<string, object>;
    $schema?: string;
  };
  return $defs?.[name] ?? whole;
}

function reference(name: SchemaName): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function answer(name: SchemaName, description: string): object {
  return { description, content: reference(name) };
}

function operation(
  summary: string,
  parts: { body?: SchemaName; answers: Record<number, object>; refusals: readonly number[] },
): object {
  const refused = parts.refusals.map(
    status => [status, answer('Error', refusalTexts[status] ?? 'refused')] as const,
  );
  return {
    summary,
    ...(parts.body === undefined ? {} : { requestBody: { required: true, content: reference(parts.body) } }),
    responses: { ...parts.answers, ...Object.fromEntries(refused) },
  };
}
