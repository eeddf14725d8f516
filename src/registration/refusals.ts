/** Why a kiosk's request is refused: every code of the kiosk API in one place. */
import { AppError } from '../runtime/app-error.js';
import type { PhoneProblem } from './phone.js';

const phoneTexts: Readonly<Record<PhoneProblem, string>> = {
  phone_invalid: 'This is not a phone number. Send it with + and the country code.',
  phone_country_not_allowed: 'Numbers of this country are not served here.',
  phone_not_mobile: 'This number cannot receive text messages.',
};

export const refusals = {
  phone: (problem: PhoneProblem) =>
    new AppError(problem, problem === 'phone_invalid' ? 400 : 422, phoneTexts[problem], { field: 'phone' }),
  unauthorized: () =>
    new AppError('unauthorized', 401, 'A kiosk key is needed: Authorization: Bearer <key>.'),
  unknownRegistration: () => new AppError('not_found', 404, 'There is no such registration.'),
  rejectedFinal: () =>
    new AppError(
      'rejected_final',
      409,
      'This customer was rejected. Only a reviewer can allow another registration.',
    ),
  otherKratosIdentity: () =>
    new AppError(
      'kratos_identity_differs',
      409,
      'The open registration of this number belongs to another Kratos identity.',
      {
        field: 'kratosIdentityId',
      },
    ),
  numberLimit: () =>
    new AppError('sms_limit_number', 429, 'This number has had its text messages for today.', {
      field: 'phone',
      retryAfterSeconds: 3600,
    }),
  kioskLimit: () =>
    new AppError('sms_limit_kiosk', 429, 'This kiosk has sent its text messages for today.', {
      retryAfterSeconds: 3600,
    }),
  totalLimit: () =>
    new AppError('sms_limit_total', 429, 'All text messages for today are used up.', {
      retryAfterSeconds: 3600,
    }),
  resendTooSoon: (seconds: number) =>
    new AppError('resend_too_soon', 429, 'The link was sent a moment ago.', { retryAfterSeconds: seconds }),
  resendUsedUp: () => new AppError('resend_used_up', 409, 'The link was sent as often as it may be.'),
  notOpen: () => new AppError('registration_closed', 409, 'This registration is no longer open.'),
  noTexts: () => new AppError('notify_none', 409, 'This registration was made without text messages.'),
} as const;
