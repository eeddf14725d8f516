/**
 * Loaded into a server before its own code: measures inside its process how long it works on each request, from the moment
 * Node has read the request's headers until the answer is written out. When the process ends, what was measured of the
 * routes named by BENCH_ROUTE is written to the file BENCH_SERVER_TIME.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createHistogram, record } from '../statistics.js';

const { BENCH_SERVER_TIME: file, BENCH_ROUTE: route } = process.env;
const begun = new WeakMap<IncomingMessage, number>();
const times = createHistogram();

const requestOf = (message: unknown) => (message as { request: IncomingMessage }).request;

if (file !== undefined) {
  subscribe('http.server.request.start', message => {
    const request = requestOf(message);
    if (request.url === route) begun.set(request, performance.now());
  });
  subscribe('http.server.response.finish', message => {
    const at = begun.get(requestOf(message));
    if (at !== undefined) record(times, performance.now() - at);
  });
  process.on('exit', () => writeFileSync(file, JSON.stringify(times)));
}
