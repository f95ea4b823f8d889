import { ConfigError, runService, startTelemetry } from '@teleop/service-kit';

// Before anything that telemetry has to patch is loaded.
startTelemetry('recognition-service');

async function main(): Promise<void> {
  const [{ readConfig }, { recognitionModule }, { usePhotoBody }] = await Promise.all([
    import('./config.js'),
    import('./app.module.js'),
    import('./embeddings/photo-body.js'),
  ]);
  const config = readConfig();
  await runService({
    name: 'recognition-service',
    module: recognitionModule(config),
    platform: 'fastify',
    config,
    bodyLimit: config.RECOGNITION_MAX_BODY_BYTES,
    setup: (app) => usePhotoBody(app, config),
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
