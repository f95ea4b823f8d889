const { mkdtempSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** `npm test` hands its servers to jest; `nx test <project>` and a bare jest get their own here. */
module.exports = async function globalSetup() {
  if (process.env.TEST_DATABASE_URL) return;
  const { startInfra } = require('../infra/dist/index.js');
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'teleop-jest-'));
  const infra = await startInfra({ dataDir });
  process.env.TEST_DATABASE_URL = infra.databaseUrl;
  process.env.TEST_NATS_URL = infra.natsUrl;
  process.env.TEST_REDIS_URL = infra.redisUrl;
  globalThis.__teleopInfra = { infra, dataDir };
};
