import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { translateError } from '../../src/http/errors.js';
import { AppError } from '../../src/runtime/app-error.js';
import { OutboundError } from '../../src/runtime/outbound.js';
import { startListener } from './build-listener.js';
import { exchange } from './raw-client.js';

const close = 'Host: a\r\nConnection: close\r\n\r\n';

describe('an error becomes', () => {
  test('exactly what it says when it is a refusal of ours', () => {
    const error = new AppError('phone_invalid', 400, 'This is no phone number.', {
      field: 'phone',
      cause: new Error('inner'),
    });
    assert.deepEqual(translateError(error), {
      status: 400,
      body: { error: { code: 'phone_invalid', message: 'This is no phone number.', field: 'phone' } },
      headers: {},
    });
    const busy = translateError(
      new AppError('unprepared', 503, 'Not ready yet.', { retryAfterSeconds: 1.2 }),
    );
    assert.deepEqual([busy.status, busy.headers], [503, { 'retry-after': '2' }]);
  });

  test('body_invalid with the field when a schema refuses the input, which is not repeated', () => {
    const schema = z.strictObject({ person: z.object({ age: z.number() }) });
    const { error } = schema.safeParse({ person: { age: '+420777123456' } });
    const told = translateError(error);
    assert.deepEqual(
      [told.status, told.body.error.code, told.body.error.field],
      [400, 'body_invalid', 'person.age'],
    );
    assert.doesNotMatch(told.body.error.message, /420777/);
    const whole = translateError(schema.safeParse('text').error);
    assert.equal('field' in whole.body.error, false);
    for (const [input, field, message] of [
      [{}, 'person', 'This field is missing.'],
      [{ person: { age: 1 }, colour: 1 }, 'colour', 'This field does not exist.'],
      [{ person: { age: 1 }, '+420 777': 1 }, undefined, 'This field does not exist.'],
      [undefined, undefined, 'A JSON body is needed.'],
    ] as const) {
      const said = translateError(schema.safeParse(input).error).body.error;
      assert.deepEqual([said.field, said.message], [field, message]);
    }
  });

  test('nothing but internal_error otherwise, also when a vendor gave it a status', () => {
    const foreign = [
      new Error('SQLITE_BUSY'),
      new OutboundError('cut', true, 'https://api.example.net: cut'),
      Object.assign(new Error('not found'), { status: 404, statusCode: 404, code: 20404 }),
      Object.assign(new Error('teapot'), { statusCode: 418 }),
      'a string',
      undefined,
      null,
      { statusCode: 400 },
    ];
    for (const error of foreign) {
      const told = translateError(error);
      assert.deepEqual([told.status, told.body.error.code], [500, 'internal_error'], String(error));
      assert.equal(told.body.error.message, 'Something went wrong on our side.');
    }
  });
});

describe('a listener', () => {
  function failingRoutes(app: FastifyInstance): void {
    app.get('/crash/:id', async () => {
      throw new Error('table people has no row for +420777123456');
    });
    app.get('/unready', async () => {
      throw new AppError('unprepared', 503, 'Not ready yet.', { cause: new Error('no token') });
    });
    app.get('/odd', async () => {
      throw undefined;
    });
    app.get('/limited', { schema: { querystring: { type: 'object', required: ['n'] } } }, async () => 'ok');
    const body = {
      type: 'object',
      properties: { a: { type: 'object', properties: { b: { type: 'integer' } } } },
    };
    app.post(
      '/checked',
      { schema: { body, response: { '4xx': { type: 'object', properties: {} } } } },
      async () => 'ok',
    );
  }

  test('logs a failure of its own once, with stack and request id, and tells nobody', async context => {
    const { app, captured } = await startListener(context, failingRoutes);
    const answer = await exchange(app, false, `GET /crash/4711 HTTP/1.1\r\n${close}`);
    assert.equal(answer.status, 500);
    assert.deepEqual(JSON.parse(answer.body), {
      error: { code: 'internal_error', message: 'Something went wrong on our side.' },
    });
    const failures = captured.entries().filter(entry => entry.level === 'error');
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.requestId, answer.headers['x-request-id']);
    assert.match(JSON.stringify(failures[0]?.err), /errors\.test/);
    assert.doesNotMatch(captured.text(), /420777|4711/);
  });

  test('logs a deliberate 5xx as a warning and survives a thrown nothing', async context => {
    const { app, captured } = await startListener(context, failingRoutes);
    const unready = await exchange(app, false, `GET /unready HTTP/1.1\r\n${close}`);
    assert.deepEqual([unready.status, JSON.parse(unready.body).error.code], [503, 'unprepared']);
    assert.deepEqual(
      captured
        .entries()
        .filter(entry => entry.level === 'warn' || entry.level === 'error')
        .map(entry => entry.level),
      ['warn'],
    );
    assert.equal((await exchange(app, false, `GET /odd HTTP/1.1\r\n${close}`)).status, 500);
  });

  test('names the field a route schema refuses', async context => {
    const { app } = await startListener(context, failingRoutes);
    const query = await exchange(app, false, `GET /limited HTTP/1.1\r\n${close}`);
    assert.deepEqual(JSON.parse(query.body).error, {
      code: 'request_invalid',
      message: 'The input is not valid.',
      field: 'n',
    });
    const json = '{"a":{"b":"x"}}';
    const head = `POST /checked HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n`;
    const body = await exchange(app, false, `${head}${close}${json}`);
    assert.deepEqual(JSON.parse(body.body).error, {
      code: 'body_invalid',
      message: 'The input is not valid.',
      field: 'a.b',
    });
  });
});
