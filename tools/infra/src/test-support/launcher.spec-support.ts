import { startInfra } from '../start-infra';

/** A launcher to be killed: starts the servers, says where they are, and waits for its end. */
async function main(): Promise<void> {
  const infra = await startInfra({ dataDir: process.argv[2] as string, env: { PATH: process.env['PATH'] } });
  const pids = Object.values(infra.servers).map((server) => server.pid);
  process.stdout.write(`${JSON.stringify({ pids, databaseUrl: infra.databaseUrl })}\n`);
  setInterval(() => undefined, 60_000);
}

void main();
