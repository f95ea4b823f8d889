import { InfraError } from '../errors';
import type { InfraServer, ServerName } from '../types';

/** A server that the environment named. We use it; its life is its owner's business. */
export class ExternalServer implements InfraServer {
  readonly pid = null;
  readonly external = true;
  readonly port: number;

  constructor(
    private readonly name: ServerName,
    url: string,
    defaultPort: number,
  ) {
    this.port = Number(new URL(firstOf(url)).port) || defaultPort;
  }

  alive(): boolean {
    return true;
  }

  kill9(): void {
    throw this.notOurs('killed');
  }

  restart(): Promise<void> {
    return Promise.reject(this.notOurs('restarted'));
  }

  private notOurs(verb: string): InfraError {
    return new InfraError(`${this.name} was given by URL and is not ${verb} from here.`);
  }
}

/** NATS takes a list of servers; and leaves out the scheme at times. */
function firstOf(url: string): string {
  const first = url.split(',')[0]?.trim() ?? '';
  return first.includes('://') ? first : `nats://${first}`;
}

/** Host and port without credentials: for messages. */
export function withoutSecrets(url: string): string {
  try {
    return new URL(firstOf(url)).host;
  } catch {
    return '(not a URL)';
  }
}
