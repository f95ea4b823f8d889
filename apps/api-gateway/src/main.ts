import { ConfigError, loadConfig, runService, startTelemetry } from '@teleop/service-kit';

// Before anything that telemetry has to patch is loaded.
startTelemetry('api-gateway');

async function main(): Promise<void> {
  const [{ gatewaySettings }, { gatewayOptions }] = await Promise.all([
    import('./config.js'),
    import('./gateway.js'),
  ]);
  await runService(gatewayOptions(loadConfig(gatewaySettings)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
