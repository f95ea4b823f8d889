import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger, Metrics } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { TokenBucket } from '../relay/token-bucket';
import { mayAnnounce, parseAnnounce } from './announce';
import { LocateRobot } from './locate-robot';
import { hostOf, robotUrl, urlHost } from './robot-address';

type Outcome = 'malformed' | 'limited' | 'unknown_robot' | 'refused' | 'unchanged' | 'located' | 'failed';

/** UDP: where robots say every few seconds that they are there. A port that is taken costs the discovery, not the service. */
@Injectable()
export class DiscoverySocket implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #announces;
  readonly #changes: TokenBucket;
  #socket: Socket | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly locate: LocateRobot,
    private readonly clock: Clock,
    metrics: Metrics,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    // Anybody can send as many as he likes: what each would cost us of the database is bounded.
    this.#changes = new TokenBucket(config.ROBOT_DISCOVERY_CHANGES_PER_S);
    this.#announces = metrics.counter('robot_announces_total', 'UDP announcements of robots', ['outcome']);
  }

  /** The port that is listened on; undefined while it is none. */
  get port(): number | undefined {
    return this.#socket?.address().port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { ROBOT_DISCOVERY_PORT: port } = this.config;
    if (port === 'off') return;
    await this.fleet.ready;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (datagram, from) => void this.heard(datagram, from));
    try {
      socket.bind(Number(port), '0.0.0.0');
      await once(socket, 'listening');
      // Only from here on: `once` has turned an error before into the exception below.
      socket.on('error', (error) => this.log.warn({ err: error }, 'discovery of robots failed'));
      this.#socket = socket;
    } catch (error) {
      socket.close();
      this.log.warn({ err: error, port }, 'robots are not discovered over UDP: the port cannot be had');
    }
  }

  onModuleDestroy(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  private async heard(datagram: Buffer, from: RemoteInfo): Promise<void> {
    try {
      this.#announces.inc({ outcome: await this.outcomeOf(datagram, from) });
    } catch (error) {
      this.#announces.inc({ outcome: 'failed' });
      this.log.warn({ err: error }, 'an announcement was not written down; the robot will repeat it');
    }
  }

  private async outcomeOf(datagram: Buffer, from: RemoteInfo): Promise<Outcome> {
    const announce = parseAnnounce(datagram);
    const host = urlHost(from.address);
    if (announce === undefined || host === undefined) return 'malformed';
    const { DEFAULT_ROBOT_ID, ROBOT_SOCKET_AUTH: auth } = this.config;
    const robot = this.fleet.find(announce.robotId ?? DEFAULT_ROBOT_ID);
    if (robot === undefined) return 'unknown_robot';
    const url = robotUrl(host, announce.port);
    if (robot.url === url) return 'unchanged';
    const isDefault = robot.robotId === DEFAULT_ROBOT_ID;
    if (!mayAnnounce({ auth, isDefault, known: hostOf(robot.url), host })) return 'refused';
    if (!this.#changes.take(this.clock.monotonic())) return 'limited';
    await this.locate.at(robot.robotId, url);
    return 'located';
  }
}
