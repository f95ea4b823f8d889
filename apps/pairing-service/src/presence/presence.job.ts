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
import type { Side } from '../sessions/side';
import type { Connection } from '../sockets/connection';
import { Connections } from '../sockets/connections';
import { OwnAddress } from './own-address';
import { InParts } from './in-parts';
import { Presence, type HeldSocket } from './presence';

/** Parts of a round: all sockets at once would hold up messages for a tenth of a second. */
const PARTS = 50;
/** Fewer where each is a transaction. */
const SEEN_PARTS = 10;
const MIN_PART_MS = 10;

/** Signs of life of this replica, and again and again who is here: Redis may forget, and must not be believed for ever. */
@Injectable()
export class PresenceJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #jobs: readonly RepeatingJob[];
  readonly #held: InParts<Connection>;
  readonly #seen: InParts<Connection>;
  readonly #sides: InParts<Side>;

  constructor(
    private readonly presence: Presence,
    connections: Connections,
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
    const everyMs = config.PRESENCE_WRITE_MS;
    const atMost = (parts: number) => Math.min(parts, Math.ceil(everyMs / MIN_PART_MS));
    const [parts, seenParts] = [atMost(PARTS), atMost(SEEN_PARTS)];
    this.#held = new InParts(() => connections.all(), parts);
    this.#seen = new InParts(() => connections.all(), seenParts);
    this.#sides = new InParts(() => book.all(), seenParts);
    this.#jobs = [
      job('replica lives', config.REPLICA_ALIVE_MS, () => presence.replicaLives(address.url())),
      job('presence', everyMs / parts, () => this.write()),
      job('sides without a socket', everyMs, () => this.writeSides()),
      job('last seen', everyMs / seenParts, () => this.seen()),
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
    const part = this.#held.next().filter(({ gone }) => !gone);
    const replaced = await this.presence.stillHere(part.map(heldOf));
    for (const { connection } of replaced) connection.close('replaced');
  }

  private async writeSides(): Promise<void> {
    for (const { backlog, is } of this.book.all()) {
      if (backlog !== undefined) await this.presence.sideIs(is.sessionId, is.role);
    }
  }

  private async seen(): Promise<void> {
    const now = this.clock.monotonic();
    const devices = this.#seen.next().filter(({ is, gone }) => is.role === 'device' && !gone);
    await this.devices.seen(new Map(devices.map(({ is, heardAt }) => [is.deviceId, now - heardAt])));
    await this.audit.seen(this.#sides.next());
  }
}

function heldOf(connection: Connection): HeldSocket & { connection: Connection } {
  const { id, role, deviceId, tokenHash } = connection.is;
  return role === 'app'
    ? { role, id, tokenHash: tokenHash ?? '', connection }
    : { role, id, deviceId, sessionId: connection.side?.is.sessionId, connection };
}
