import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAlert, wasAlerted } from '../../src/store/alerts.js';
import { openTestStore } from './open-db.js';

test('an alert is remembered by code, subject and moment', t => {
  const db = openTestStore(t).main;
  addAlert(db, { code: 'stranger_check', subject: '1' }, 1000);
  const asked = (code: string, subject: string, since: number) => wasAlerted(db, { code, subject }, since);
  assert.equal(asked('stranger_check', '1', 1000), true);
  assert.equal(asked('stranger_check', '1', 1001), false);
  assert.equal(asked('stranger_check', '2', 0), false);
  assert.equal(asked('foreign_check', '1', 0), false);
});
