const { rmSync } = require('node:fs');

module.exports = async function globalTeardown() {
  const own = globalThis.__teleopInfra;
  if (own === undefined) return;
  await own.infra.stop();
  rmSync(own.dataDir, { recursive: true, force: true });
};
