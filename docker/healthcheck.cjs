// Run inside the container by HEALTHCHECK: exit code 0 while the service is alive. Kubernetes asks by itself.
const { basename } = require('node:path');
const { SERVICES } = require('./libs/contracts/dist/core/service-name.js');

const port = process.env.PORT ?? SERVICES[basename(process.cwd())];
fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
  (answer) => process.exit(answer.ok ? 0 : 1),
  () => process.exit(1),
);
