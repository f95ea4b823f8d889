import { dockerFaults } from './docker/docker-faults';
import { securityFaults } from './documents/named-tests';
import type { Fault } from './fault';
import { lintChart } from './lint-chart';
import { observabilityFaults } from './observability/observability-faults';

/** `npm run lint:k8s`: the chart, the Dockerfile and the compose file. Exit code 1 with every fault on a line of its own. */
async function main(): Promise<number> {
  const started = performance.now();
  const faults: Fault[] = [
    ...dockerFaults(),
    ...observabilityFaults(),
    ...securityFaults(),
    ...(await lintChart()),
  ];
  for (const { where, what } of faults) console.error(`${where}: ${what}`);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(
    `${faults.length === 0 ? 'k8s and docker: nothing wrong' : `${faults.length} faults`} (${seconds} s)`,
  );
  return faults.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
