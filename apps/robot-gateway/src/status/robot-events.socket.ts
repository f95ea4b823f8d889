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
import { StatusFeed } from './status-feed';

interface Watcher {
  readonly user: VerifiedPrincipal;
  /** Undefined: all robots. */
  readonly robotId: string | undefined;
}

const MAX_FRAME_BYTES = 1_024;

/** `/ws/robot/events?token=&robotId=`: `status_update` and `robot_notification` of one robot, or of all. */
@Injectable()
export class RobotEventsSocket implements OnModuleInit {
  readonly #watchers = new Map<WebSocket, Watcher>();
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
    feed.onUpdate(({ robotId, status }) => this.tell(robotId, { type: 'status_update', ...status }));
    notifications.onTold((notification) =>
      this.tell(notification.robotId, { type: 'robot_notification', ...notification }),
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

  /** In one turn of the loop: no update can come between the present state and what follows it. */
  private connected(ws: WebSocket, watcher: Watcher): void {
    const { robotId, user } = watcher;
    const robotIds = robotId === undefined ? [...this.fleet.all()].map((robot) => robot.robotId) : [robotId];
    for (const id of robotIds) ws.send(JSON.stringify({ type: 'status_update', ...this.feed.of(id).status }));
    this.#watchers.set(ws, watcher);
    ws.on('close', () => this.#watchers.delete(ws));
    closeAtExpiry(ws, user, this.clock.now());
  }

  /** Encoded once for all. Who does not take what was sent before is dropped: he gets everything when he comes back. */
  private tell(robotId: string, frame: object): void {
    let text: string | undefined;
    for (const [ws, watcher] of this.#watchers) {
      if (watcher.robotId !== undefined && watcher.robotId !== robotId) continue;
      if (ws.bufferedAmount > this.config.EVENTS_MAX_BUFFER_BYTES) {
        this.#dropped.inc();
        ws.terminate();
        continue;
      }
      ws.send((text ??= JSON.stringify(frame)));
    }
  }
}
