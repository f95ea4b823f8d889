import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JwtVerifier, type VerifiedPrincipal } from '@teleop/auth';
import { isRobotId } from '@teleop/contracts';
import {
  Clock,
  InjectConfig,
  Metrics,
  ProblemError,
  WsRouter,
  type UpgradeRequest,
} from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import type { RobotsConfig } from '../config';
import { Notifications } from '../events/notifications';
import { Fleet } from '../fleet/fleet';
import { closeAtExpiry } from '../relay/close-at-expiry';
import { FloodGate } from '../relay/flood-gate';
import { CLOSED, cutOff, TEXT } from '../relay/wire';
import { Snapshot } from './snapshot';
import { StatusFeed } from './status-feed';

interface Watcher {
  readonly user: VerifiedPrincipal;
  /** Undefined: all robots. */
  readonly robotId: string | undefined;
}

interface Watching extends Watcher {
  /** Robots whose present state he has not been sent yet; undefined: he has all. */
  snapshot: Snapshot | undefined;
}

const MAX_FRAME_BYTES = 1_024;
/** Some clients ping in their own words; nobody has more to say. Frames a second, and beyond them before he is cut off. */
const [HEARD_PER_S, FLOOD_PER_S] = [10, 1_000];

/** `/ws/robot/events?token=&robotId=`: `status_update` and `robot_notification` of one robot, or of all. */
@Injectable()
export class RobotEventsSocket implements OnModuleInit {
  readonly #watchers = new Map<WebSocket, Watching>();
  readonly #encoded = new WeakMap<object, Buffer>();
  readonly #dropped;

  constructor(
    private readonly router: WsRouter,
    private readonly verifier: JwtVerifier,
    private readonly fleet: Fleet,
    private readonly feed: StatusFeed,
    private readonly clock: Clock,
    notifications: Notifications,
    metrics: Metrics,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {
    this.#dropped = metrics.counter(
      'robot_watchers_dropped_total',
      'Watchers of robots that did not keep up',
    );
    feed.onUpdate(({ robotId, status }) => this.tell(robotId, () => this.bytesOf(status), true));
    notifications.onTold((notification) =>
      this.tell(notification.robotId, () => encode({ ...notification, type: 'robot_notification' }), false),
    );
  }

  onModuleInit(): void {
    this.router.route<Watcher>(
      '/ws/robot/events',
      { authorize: (req) => this.authorize(req), connected: (ws, watcher) => this.connected(ws, watcher) },
      // Nothing is expected from a watcher.
      { maxPayload: MAX_FRAME_BYTES },
    );
  }

  private async authorize(req: UpgradeRequest): Promise<Watcher> {
    const user = await this.verifier.verify(req.query.get('token') ?? '');
    const robotId = req.query.get('robotId') ?? undefined;
    if (robotId === undefined) return { user, robotId };
    if (isRobotId(robotId)) return { user, robotId: this.fleet.wanted(robotId).robotId };
    throw new ProblemError(400, 'VALIDATION_FAILED', 'robotId is not a robot id', {
      errors: [{ path: 'robotId', message: 'robotId must be 1-64 characters of A-Z, a-z, 0-9, _ or -' }],
    });
  }

  /** One and the same for everybody who is told of it or connects while it is the newest. */
  private bytesOf(status: object): Buffer {
    let bytes = this.#encoded.get(status);
    if (bytes === undefined) {
      bytes = encode({ ...status, type: 'status_update' });
      this.#encoded.set(status, bytes);
    }
    return bytes;
  }

  /** In one turn of the loop: no update can come between the present state and what follows it. */
  private connected(ws: WebSocket, watcher: Watcher): void {
    const { robotId, user } = watcher;
    const robotIds = robotId === undefined ? [...this.fleet.all()].map((robot) => robot.robotId) : [robotId];
    const watching: Watching = { ...watcher, snapshot: undefined };
    const snapshot = new Snapshot(ws, robotIds, (id) => this.bytesOf(this.feed.of(id).status));
    watching.snapshot = snapshot;
    this.#watchers.set(ws, watching);
    snapshot.send(() => (watching.snapshot = undefined));
    const gate = new FloodGate(HEARD_PER_S, FLOOD_PER_S);
    ws.on('message', () => {
      if (gate.take(this.clock.monotonic()) === 'close') cutOff(ws, CLOSED.flood);
    });
    ws.on('close', () => this.#watchers.delete(ws));
    closeAtExpiry(ws, user, this.clock.now());
  }

  /**
   * Encoded once for all, and the bytes are shared by everybody for whom they wait. Who does not take what was sent
   * before is dropped: he gets everything when he comes back.
   */
  private tell(robotId: string, encoded: () => Buffer, isState: boolean): void {
    let bytes: Buffer | undefined;
    for (const [ws, watcher] of this.#watchers) {
      if (watcher.robotId !== undefined && watcher.robotId !== robotId) continue;
      // He gets the newest state when its turn comes.
      if (isState && watcher.snapshot?.waits(robotId)) continue;
      if (ws.bufferedAmount > this.config.EVENTS_MAX_BUFFER_BYTES) {
        this.#dropped.inc();
        ws.terminate();
        continue;
      }
      ws.send((bytes ??= encoded()), TEXT);
    }
  }
}

const encode = (frame: object) => Buffer.from(JSON.stringify(frame));
