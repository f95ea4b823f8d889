import net from 'node:net';
import tls from 'node:tls';
import { REDIS_MINIMUM } from '../binaries/redis-binary';
import { atLeast, format, parseVersion } from '../binaries/version';
import { InfraError, messageOf } from '../errors';
import { withoutSecrets } from './external-server';

const TIMEOUT_MS = 5_000;
const INLINE_END = '\r\n';

/** Connects, signs in, insists on the version. Three commands do not need a client library. */
export async function checkRedis(url: string): Promise<void> {
  const where = withoutSecrets(url);
  let info: string;
  try {
    info = await ask(new URL(url));
  } catch (error) {
    throw new InfraError(`REDIS_URL (${where}) cannot be used: ${messageOf(error) || String(error)}`, {
      cause: error,
    });
  }
  const version = parseVersion(/^redis_version:(.*)$/m.exec(info)?.[1] ?? '');
  if (!version || !atLeast(version, REDIS_MINIMUM)) {
    const found = version ? format(version) : 'of unknown version';
    throw new InfraError(
      `REDIS_URL (${where}) is Redis ${found}; ${format(REDIS_MINIMUM)} or newer is needed.`,
    );
  }
}

function ask(url: URL): Promise<string> {
  const target = { host: url.hostname, port: Number(url.port) || 6379 };
  const socket =
    url.protocol === 'rediss:' ? tls.connect({ ...target, servername: url.hostname }) : net.connect(target);
  return new Promise<string>((resolve, reject) => {
    let received = '';
    socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('utf8');
      const refusal = /^-(.*)$/m.exec(received);
      if (refusal) reject(new Error(refusal[1]));
      if (/^redis_version:.*\r\n/m.test(received)) resolve(received);
    });
    socket.write(credentials(url) + command('INFO', 'server'));
  }).finally(() => socket.destroy());
}

function credentials(url: URL): string {
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  if (!password) return '';
  return user && user !== 'default' ? command('AUTH', user, password) : command('AUTH', password);
}

function command(...words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}${INLINE_END}${word}${INLINE_END}`);
  return `*${words.length}${INLINE_END}${parts.join('')}`;
}
