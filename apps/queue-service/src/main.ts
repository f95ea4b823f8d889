import { ConfigError, runService, startTelemetry } from '@teleop/service-kit';

// Before anything that telemetry has to patch is loaded.
startTelemetry('queue-service');

async function main(): Promise<void> {
  const [{ readConfig }, { queueServiceModule }] = await Promise.all([
    import('./config.js'),
    import('./app.module.js'),
  ]);
  const config = readConfig();
  await runService({
    name: 'queue-service',
    module: queueServiceModule(config),
    platform: 'fastify',
    config,
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
