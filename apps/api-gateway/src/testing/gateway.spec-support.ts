import { loadConfig, Logger, createService, type RunningService } from '@teleop/service-kit';
import { testServers } from '@teleop/testing';
import { Writable } from 'node:stream';
import { gatewaySettings } from '../config';
import { gatewayOptions } from '../gateway';

export interface TestGateway extends RunningService {
  /** host:port */
  readonly authority: string;
  readonly lines: readonly string[];
}

/** A gateway of its own on a free port. Limits off unless the test is about them; every test client has one address. */
export async function startGateway(env: Record<string, string> = {}): Promise<TestGateway> {
  const servers = testServers();
  const config = loadConfig(gatewaySettings, {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    NATS_URL: servers.natsUrl,
    REDIS_URL: servers.redisUrl,
    RATE_LIMIT_ENABLED: 'false',
    SHUTDOWN_TIMEOUT_MS: '3000',
    ...env,
  });
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = Logger.create({ service: 'api-gateway', level: config.LOG_LEVEL, destination });
  const service = await createService(gatewayOptions(config, logger));
  return { ...service, authority: new URL(service.url).host, lines };
}
