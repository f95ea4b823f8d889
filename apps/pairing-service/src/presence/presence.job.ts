import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger, RepeatingJob } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { DeviceRegistry } from '../devices/device-registry';
import { ReplicaLink } from '../replicas/replica-link';
import { Audit } from '../sessions/audit';
import { SessionBook } from '../sessions/session-book';
import type { Connection } from '../sockets/connection';
import { Connections } from '../sockets/connections';
import { OwnAddress } from './own-address';
import { Presence } from './presence';

const AT_ONCE = 100;

/** Signs of life of this replica, and again and again who is here: Redis may forget, and must not be believed for ever. */
@Injectable()
export class PresenceJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #jobs: readonly RepeatingJob[];

  constructor(
    private readonly presence: Presence,
    private readonly connections: Connections,
    private readonly book: SessionBook,
    private readonly devices: DeviceRegistry,
    private readonly audit: Audit,
    private readonly link: ReplicaLink,
    private readonly address: OwnAddress,
    private readonly clock: Clock,
    @InjectConfig() config: PairingConfig,
    @Inject(LOGGER) log: Logger,
  ) {
    const job = (name: string, everyMs: number, work: () => Promise<unknown>) =>
      new RepeatingJob(name, everyMs, async () => void (await work()), log);
    this.#jobs = [
      job('replica lives', config.REPLICA_ALIVE_MS, () => presence.replicaLives(address.url())),
      job('presence', config.PRESENCE_WRITE_MS, () => this.write()),
      job('last seen', config.PRESENCE_WRITE_MS, () => this.seen()),
      job('audit sweep', config.AUDIT_SWEEP_MS, () => audit.closeLost(config.AUDIT_LOST_MS)),
    ];
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.presence.replicaLives(this.address.url());
    // Again with the address as soon as there is one; should that write fail, the job's first round makes up for it.
    this.address.whenKnown(() => void this.presence.replicaLives(this.address.url()).catch(() => undefined));
    for (const job of this.#jobs) job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.stop()));
    // From now on no claim looks for our sockets; what is left there by then is nothing's any more.
    await this.presence.replicaEnds(this.link.replica).catch(() => undefined);
  }

  private async write(): Promise<void> {
    const all = [...this.connections.all()];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      await Promise.all(all.slice(from, from + AT_ONCE).map((connection) => this.still(connection)));
    }
    for (const { backlog, is } of this.book.all()) {
      if (backlog !== undefined) await this.presence.sideIs(is.sessionId, is.role);
    }
  }

  private async still(connection: Connection): Promise<void> {
    const { id, role, deviceId, tokenHash } = connection.is;
    if (connection.gone) return;
    if (role === 'app') return this.presence.appArrived(id, tokenHash ?? '');
    const newest = await this.presence.deviceIs(deviceId, id, connection.side?.is.sessionId);
    if (!newest) connection.close('replaced');
  }

  private async seen(): Promise<void> {
    const now = this.clock.monotonic();
    const devices = [...this.connections.all()].filter(({ is, gone }) => is.role === 'device' && !gone);
    await this.devices.seen(new Map(devices.map(({ is, heardAt }) => [is.deviceId, now - heardAt])));
    await this.audit.seen(this.book.all());
  }
}
