/**
 * What is usually written: Express, better-sqlite3, and one durable commit for each delivery before it is answered.
 *
 * Arguments: the folder with `cert.pem` and `key.pem`, and the database.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import express from 'express';
import { sayReady } from './say-ready.js';

const [folder = '', file = ''] = process.argv.slice(2);
const token = process.env.ONFIDO_WEBHOOK_TOKEN ?? '';

const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE IF NOT EXISTS deliveries (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, received_at INTEGER NOT NULL)`);
const keep = db.prepare(
  'INSERT INTO deliveries (id, body, received_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);

const app = express();
app.disable('x-powered-by');
app.post('/*path', express.raw({ type: () => true, limit: '1mb' }), (request, response) => {
  const raw = request.body as Buffer;
  const given = Buffer.from(request.get('x-sha2-signature') ?? '', 'hex');
  const expected = createHmac('sha256', token).update(raw).digest();
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    response.sendStatus(401);
    return;
  }
  const { payload } = JSON.parse(raw.toString('utf8')) as {
    payload: { action: string; object: { id: string } };
  };
  keep.run(`${payload.action} ${payload.object.id}`, raw.toString('utf8'), Date.now());
  response.sendStatus(200);
});

const server = createServer(
  {
    cert: readFileSync(join(folder, 'cert.pem')),
    key: readFileSync(join(folder, 'key.pem')),
    minVersion: 'TLSv1.2',
    keepAliveTimeout: 95_000,
  },
  app,
);
server.listen(0, '127.0.0.1', () => sayReady(server));
