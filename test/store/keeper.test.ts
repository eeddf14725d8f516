import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { startKeeper } from '../../src/store/threads/keeper.js';
import { openTestStore } from './open-db.js';

test('whoever has the logs emptied hears of it when they are, however many ask at once', async t => {
  const { main, files } = openTestStore(t);
  const keeper = startKeeper({ files: [files.main, files.inbox] });
  t.after(() => keeper.close());
  const logSize = () => statSync(`${files.main}-wal`).size;
  for (let round = 0; round < 20; round++) {
    await Promise.all([keeper.emptyLogs(), keeper.emptyLogs(), keeper.checkIntegrity()]);
    main.raw.exec(`INSERT INTO meta (name, value) VALUES ('round ${round}', '')`);
    assert.ok(logSize() > 0);
    const first = keeper.emptyLogs();
    assert.equal(await keeper.emptyLogs(), true);
    assert.equal(logSize(), 0);
    assert.equal(await first, true);
  }
});
