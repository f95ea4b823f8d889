import { runService, startTelemetry } from '@teleop/service-kit';

// Before anything that telemetry has to patch is loaded.
startTelemetry('robot-gateway');

async function main(): Promise<void> {
  const [{ readConfigOrExit }, { robotGatewayModule }] = await Promise.all([
    import('./config.js'),
    import('./app.module.js'),
  ]);
  const config = readConfigOrExit();
  await runService({
    name: 'robot-gateway',
    module: robotGatewayModule(config),
    platform: 'fastify',
    config,
  });
}

void main();
