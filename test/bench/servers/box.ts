/** A whole installation for the servers to be measured on, made as an operator would, with nothing real behind it. */
import { randomBytes } from 'node:crypto';
import { commonPair, type Installation, writeInstallation } from '../../support/installation.js';

/** The secret the deliveries are signed with. */
export const webhookToken = randomBytes(24).toString('base64url');

/** Where the deliveries go. */
export const deliveryPath = '/serverapi/apiv1/identity-check/onfidowh/1';

/** Nobody listens there: to the gateway the provider is down. */
const nowhere = 'http://127.0.0.1:9';

/** The secret of Ory's hooks. */
export const hookSecret = randomBytes(24).toString('base64url');

const vendors = { onfido: { url: `${nowhere}/v3.6`, sdkUrl: `${nowhere}/sdk` } };
// a process that ends at the end of its last measurement need not wait for anybody
const limits = { shutdownTime: '1s' };

/** One that serves Ory, with a Kratos as far away as the provider. */
export async function makeOryBox(): Promise<Installation> {
  return writeInstallation({ ...vendors, kratos: { url: nowhere } }, await commonPair(), {
    organizations: [{ ory: true, onfido: { webhookTokens: [{ secret: 'ONFIDO_WEBHOOK_TOKEN' }] } }],
    secrets: { ONFIDO_WEBHOOK_TOKEN: webhookToken, ORY_WEBHOOK_SECRET: hookSecret },
    settings: { limits, ory: { gate: 'approved' } },
  });
}

export async function makeBox(): Promise<Installation> {
  return writeInstallation(vendors, await commonPair(), {
    organizations: [{ onfido: { webhookTokens: [{ secret: 'ONFIDO_WEBHOOK_TOKEN' }] } }],
    secrets: { ONFIDO_WEBHOOK_TOKEN: webhookToken },
    settings: { limits },
  });
}
