import type { Server } from 'node:http';
import type { INestApplication, Type } from '@nestjs/common';
import type { CommonConfig } from '../config/common-settings';
import type { Logger } from '../logging/logger';

export interface PlatformOptions {
  readonly config: CommonConfig;
  readonly module: Type;
  readonly logger: Logger;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly bodyParser: boolean;
}

export interface Platform {
  readonly app: INestApplication;
  readonly server: Server;
}

/** Time-outs of the server itself, the same on both platforms. */
export function setTimeouts(server: Server, config: CommonConfig): void {
  server.requestTimeout = config.REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = config.KEEP_ALIVE_TIMEOUT_MS;
  // Counted from a request's first byte, not from the end of the one before. Node swaps the two when this is the longer:
  // a body that trickles in would then be waited for as long as that.
  server.headersTimeout = config.REQUEST_TIMEOUT_MS;
}
