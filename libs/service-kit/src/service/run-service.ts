import type { CommonConfig } from '../config/common-settings';
import { ConfigError } from '../config/load-config';
import type { Logger } from '../logging/logger';
import { serviceLogger } from '../logging/service-logger';
import { startTelemetry, stopTelemetry } from '../tracing/telemetry';
import { createService, type RunningService, type ServiceOptions } from './create-service';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A failed start, in words an operator can act on. */
function startFailure(error: unknown, options: ServiceOptions): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port } = error as { code?: unknown; port?: unknown };
  if (code === 'EADDRINUSE') return `${options.name}: port ${String(port)} is taken; set PORT to a free one`;
  if (code === 'EACCES')
    return `${options.name}: port ${String(port)} may not be used by this user; set PORT`;
  return `${options.name} could not start: ${(error as Error).message}`;
}

function dieOnBugs(logger: Logger): void {
  let dying = false;
  const die = (kind: string) => (error: unknown) => {
    if (dying) return;
    dying = true;
    // The state of the process is unknown now; what was not committed is redone by whoever comes next.
    logger.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, kind);
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
}

function stopOnSignals(service: RunningService, logger: Logger, config: CommonConfig): void {
  const { SHUTDOWN_TIMEOUT_MS: timeoutMs, SHUTDOWN_DELAY_MS: delayMs } = config;
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    const limit = setTimeout(() => {
      logger.error({ timeoutMs }, 'did not stop in time (SHUTDOWN_TIMEOUT_MS); leaving what is still open');
      process.exit(0);
    }, delayMs + timeoutMs);
    try {
      await service.close();
      await stopTelemetry();
      logger.info('stopped');
    } catch (error) {
      logger.error({ err: error }, 'shutdown failed');
    }
    clearTimeout(limit);
    process.exit(0);
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop(signal));
}

/** Starts a service for good: the one call of a main.ts. */
export async function runService(options: ServiceOptions): Promise<void> {
  const logger = options.logger ?? serviceLogger(options.name, options.config);
  startTelemetry(options.name);
  dieOnBugs(logger);
  try {
    const service = await createService(options);
    stopOnSignals(service, logger, options.config);
    logger.info({ url: service.url, pid: process.pid }, 'ready');
  } catch (error) {
    logger.fatal({ err: error }, startFailure(error, options));
    process.exit(1);
  }
}
