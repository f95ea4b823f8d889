import { ConfigError, runService, startTelemetry } from '@teleop/service-kit';

// Before anything that telemetry has to patch is loaded.
startTelemetry('vision-service');

async function main(): Promise<void> {
  const [{ readConfig }, { visionServiceModule }, { useFramesBody }] = await Promise.all([
    import('./config.js'),
    import('./app.module.js'),
    import('./body/use-frames-body.js'),
  ]);
  const config = readConfig();
  await runService({
    name: 'vision-service',
    module: visionServiceModule(config),
    platform: 'fastify',
    config,
    bodyLimit: config.VISION_MAX_BODY_BYTES,
    setup: (app) => useFramesBody(app),
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
