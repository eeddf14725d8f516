import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAlert, countAlerts, wasAlerted, wasAlertedLately } from '../../src/store/alerts.js';
import { openTestStore } from './open-db.js';

test('an alert is remembered by code, subject and moment', t => {
  const db = openTestStore(t).main;
  addAlert(db, { code: 'stranger_check', subject: '1' }, 1000);
  const ever = (code: string, subject: string) => wasAlerted(db, { code, subject });
  assert.equal(ever('stranger_check', '1'), true);
  assert.equal(ever('stranger_check', '2'), false);
  assert.equal(ever('foreign_check', '1'), false);
  const lately = (subject: string, now: number) =>
    wasAlertedLately(db, { code: 'stranger_check', subject }, { lastMs: 100, now });
  assert.equal(lately('1', 1100), true);
  assert.equal(lately('1', 1101), false);
  assert.equal(lately('2', 1100), false);
});

test('what is dated later than now, because the clock was set back, was not lately', t => {
  const db = openTestStore(t).main;
  const alert = { code: 'stranger_check', subject: '1' };
  addAlert(db, alert, 1000);
  const last = { lastMs: 500, now: 999 };
  assert.equal(wasAlertedLately(db, alert, last), false);
  assert.equal(countAlerts(db, alert.code, last), 0);
  addAlert(db, alert, 999);
  assert.equal(wasAlertedLately(db, alert, last), true);
  assert.equal(countAlerts(db, alert.code, last), 1);
  assert.equal(wasAlerted(db, alert), true);
});
