import type { ConnectionOptions } from '@nats-io/transport-node';

export interface NatsOptions {
  /** One or more URLs, separated by commas: `nats://user:password@host:4222`, `nats://token@host`, `tls://host`. */
  readonly natsUrl: string;
  /** How the server's monitoring names this connection. */
  readonly name: string;
  /** Milliseconds between attempts to reconnect; there is no limit to their number. */
  readonly reconnectWaitMs?: number;
  /** Milliseconds to wait for NATS at start before giving up. */
  readonly startTimeoutMs?: number;
  /** Milliseconds that closing waits for what is under way. */
  readonly drainTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A server that is gone without a word is noticed after this, twice. */
const PING_INTERVAL_MS = 5_000;

function parse(text: string): URL {
  const url = new URL(text.includes('://') ? text : `nats://${text}`);
  if (url.protocol !== 'nats:' && url.protocol !== 'tls:') {
    throw new RangeError(`a NATS URL begins with nats:// or tls://, not ${url.protocol}//`);
  }
  return url;
}

function credentials(urls: readonly URL[]): Pick<ConnectionOptions, 'user' | 'pass' | 'token'> {
  const url = urls.find(({ username }) => username !== '');
  if (url === undefined) return {};
  const user = decodeURIComponent(url.username);
  return url.password === '' ? { token: user } : { user, pass: decodeURIComponent(url.password) };
}

/** nats.js ignores credentials inside URLs: they are taken out and passed on. */
export function connectionOptions(options: NatsOptions): ConnectionOptions {
  const urls = options.natsUrl.split(',').map((text) => parse(text.trim()));
  return {
    servers: urls.map((url) => url.host),
    name: options.name,
    ...credentials(urls),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: options.reconnectWaitMs ?? 250,
    // Refused credentials may be a server that is still starting, or a secret being rotated.
    ignoreAuthErrorAbort: true,
    waitOnFirstConnect: false,
    // By default every request and publish makes two errors, stacks and all, in case it fails: 5 % of a busy relay.
    noAsyncTraces: true,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
  };
}
