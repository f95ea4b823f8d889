import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { NATS_MINIMUM } from '../binaries/nats-binary';
import { atLeast, format, parseVersion } from '../binaries/version';
import { InfraError, messageOf } from '../errors';
import { withoutSecrets } from './external-server';

/** Connects and insists on the version and on JetStream being on for this account. */
export async function checkNats(url: string): Promise<void> {
  const where = withoutSecrets(url);
  const connection = await open(url, where);
  try {
    const version = parseVersion(connection.info?.version ?? '');
    if (!version || !atLeast(version, NATS_MINIMUM)) {
      const found = version ? format(version) : 'of unknown version';
      throw new InfraError(
        `NATS_URL (${where}) is NATS ${found}; ${format(NATS_MINIMUM)} or newer is needed.`,
      );
    }
    await requireJetStream(connection, where);
  } finally {
    await connection.close();
  }
}

async function requireJetStream(connection: NatsConnection, where: string): Promise<void> {
  try {
    const manager = await jetstreamManager(connection, { timeout: 5_000 });
    await manager.getAccountInfo();
  } catch (error) {
    throw new InfraError(
      `NATS_URL (${where}) is a NATS server without JetStream for this account (${messageOf(error)}). ` +
        'Start it with -js, or with `jetstream {}` in its configuration, and enable it for the account.',
      { cause: error },
    );
  }
}

async function open(url: string, where: string): Promise<NatsConnection> {
  try {
    return await connect({ ...natsOptions(url), timeout: 5_000, reconnect: false });
  } catch (error) {
    throw new InfraError(`NATS_URL (${where}) cannot be used: ${messageOf(error) || String(error)}`, {
      cause: error,
    });
  }
}

/** nats.js ignores credentials in URLs, silently: they are taken out and handed over. */
export function natsOptions(url: string): ConnectionOptions {
  const urls = url
    .split(',')
    .map((part) => new URL(part.includes('://') ? part.trim() : `nats://${part.trim()}`));
  const servers = urls.map((part) => `${part.protocol}//${part.host}`);
  const user = decodeURIComponent(urls[0]?.username ?? '');
  const pass = decodeURIComponent(urls[0]?.password ?? '');
  if (user && pass) return { servers, user, pass };
  return user ? { servers, token: user } : { servers };
}
