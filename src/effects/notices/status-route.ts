/** The SMS vendor's word on what became of a message, on the public listener. */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../runtime/clock.js';
import { findNoticeByRef, settleNotice } from '../../store/notices.js';
import type { Store } from '../../store/store.js';
import type { EarlyReports, NoticeReport } from './early-reports.js';
import { type DeliveryReport, type DeliveryStatus, isNews, type SmsVendor } from './vendors/vendor.js';

export interface StatusRouteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly vendor: SmsVendor;
  /** the URL the vendor was given, which is what it signed; never made from `Host` */
  readonly url: string;
  readonly earlyReports: EarlyReports;
}

/** Registers `POST /sms/status`. To be called in a scope of its own: it takes bodies as bytes. */
export function registerStatusRoute(app: FastifyInstance, options: StatusRouteOptions): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 16_384 }, (_request, body, done) =>
    done(null, body),
  );
  app.post('/sms/status', async (request, reply) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const report = options.vendor.readStatus({ url: options.url, headers: request.headers, raw });
    if (!report) return reply.code(403).send();
    note(options, report);
    return reply.code(204).send();
  });
}

function note(options: StatusRouteOptions, said: DeliveryReport): void {
  const { store, clock } = options;
  const report: NoticeReport = {
    status: said.cause === 'unsubscribed' ? 'unsubscribed' : said.status,
    ...(said.errorCode === undefined ? {} : { errorCode: said.errorCode }),
  };
  const notice = findNoticeByRef(store.main, said.ref);
  if (!notice) {
    options.earlyReports.keep(said.ref, report);
    return;
  }
  if (notice.status !== 'unsubscribed' && isNews(notice.status as DeliveryStatus, said.status))
    settleNotice(store.main, notice.id, report, clock.now());
}
