import { messageOf, SERVER_NAMES, type Infra, type ServerName } from '@teleop/infra';
import { BackOff } from './back-off';

const LOOK_EVERY_MS = 200;

/**
 * Restarts PostgreSQL, NATS and Redis when they die. Looked at rather than listened to: an adopted server is not our child and
 * sends no exit event.
 */
export class InfraWatch {
  private readonly timer: NodeJS.Timeout;
  private readonly busy = new Set<ServerName>();
  private readonly upSince = new Map<ServerName, number>();
  private readonly backOffs = new Map<ServerName, BackOff>();
  private readonly pending = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly infra: Infra,
    private readonly onNotice: (line: string) => void,
  ) {
    for (const name of SERVER_NAMES) this.upSince.set(name, performance.now());
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
    for (const timer of this.pending) clearTimeout(timer);
  }

  private look(): void {
    for (const name of SERVER_NAMES) {
      const server = this.infra.servers[name];
      if (!server.external && !this.busy.has(name) && !server.alive()) this.scheduleRestart(name);
    }
  }

  private scheduleRestart(name: ServerName): void {
    this.busy.add(name);
    const backOff = this.backOffs.get(name) ?? new BackOff();
    this.backOffs.set(name, backOff);
    const delay = backOff.nextDelayMs(performance.now() - (this.upSince.get(name) ?? 0));
    this.onNotice(`${name} has died; restarting it in ${delay / 1_000} s`);
    const timer = setTimeout(() => {
      this.pending.delete(timer);
      void this.restart(name);
    }, delay);
    this.pending.add(timer);
  }

  /** A failure is said, and met again by the next look: the server is still dead then. */
  private async restart(name: ServerName): Promise<void> {
    try {
      if (this.stopped) return;
      await this.infra.servers[name].restart();
      this.onNotice(`${name} is back on port ${this.infra.servers[name].port}`);
    } catch (error) {
      this.onNotice(`${name} could not be restarted: ${messageOf(error)}`);
    } finally {
      this.upSince.set(name, performance.now());
      this.busy.delete(name);
    }
  }
}
