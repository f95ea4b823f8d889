import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  feedSubject,
  robotNotificationFeed,
  robotStatuses,
  robotStatusFeed,
  type AskRobotStatuses,
  type RobotNotification,
  type RobotStatusFeed,
  type RobotStatuses,
} from '@teleop/contracts';

/** robot-gateway as far as the gateway hears of it, over a real NATS. */
export class FakeRobots {
  readonly states = new Map<string, RobotStatusFeed>();
  asked: AskRobotStatuses[] = [];
  /** Milliseconds before an answer. */
  delayMs = 0;
  /** Robots in one answer. */
  pageSize = 1_000;
  /** The nodes in every state: none until somebody asks the robot for them. */
  nodes: string[] = ['Home', 'Kitchen'];
  /** Text added to every state: makes an update as large as wanted. */
  padding = '';
  #nc: NatsConnection | undefined;

  static async start(
    natsUrl: string,
    robotIds: readonly string[] = ['table1', 'table2'],
  ): Promise<FakeRobots> {
    const robots = new FakeRobots();
    robots.#nc = await connect({
      servers: new URL(natsUrl).host,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    for (const robotId of robotIds) await robots.change(robotId, { announced: false });
    robots.#answer();
    // The server knows of the subscription before anybody asks.
    await robots.nc.flush();
    return robots;
  }

  get nc(): NatsConnection {
    if (this.#nc === undefined) throw new Error('not started');
    return this.#nc;
  }

  /** Changes a robot's state; `announced: false` loses the news on the way. */
  async change(
    robotId: string,
    options: { announced?: boolean; batteryLevel?: number } = {},
  ): Promise<RobotStatusFeed> {
    const version = (this.states.get(robotId)?.version ?? 0) + 1;
    const state = this.state(robotId, version, options.batteryLevel);
    this.states.set(robotId, state);
    if (options.announced !== false) await this.tell(state);
    return state;
  }

  async tell(state: RobotStatusFeed): Promise<void> {
    this.nc.publish(feedSubject(robotStatusFeed, state), JSON.stringify(state));
    await this.nc.flush();
  }

  async notify(notification: RobotNotification): Promise<void> {
    this.nc.publish(feedSubject(robotNotificationFeed, notification), JSON.stringify(notification));
    await this.nc.flush();
  }

  async close(): Promise<void> {
    await this.#nc?.close();
  }

  state(robotId: string, version: number, batteryLevel = 80): RobotStatusFeed {
    const status = {
      robotId,
      version,
      nodes: this.nodes,
      systemHealth: 'OK',
      batteryLevel,
      driveMode: 'IDLE',
      cargoStatus: 'EMPTY',
      lastRoute: null,
      position: 'Home',
      manualLockHolderName: null,
      robotConnected: true,
      // Telemetry that nobody here knows.
      wheelTemperature: { left: 31.5, right: 30 },
      ...(this.padding && { padding: this.padding }),
    };
    return { robotId, version, status };
  }

  #answer(): void {
    this.nc.subscribe(robotStatuses.subject, {
      callback: (error, message: Msg) => {
        if (error !== null) throw error;
        const ask = message.json<AskRobotStatuses>();
        this.asked.push(ask);
        const reply = JSON.stringify({ ok: this.#statuses(ask) });
        if (this.delayMs === 0) message.respond(reply);
        else setTimeout(() => message.respond(reply), this.delayMs);
      },
    });
  }

  #statuses({ robotIds, after }: AskRobotStatuses): RobotStatuses {
    if (robotIds !== undefined)
      return { statuses: robotIds.flatMap((robotId) => this.states.get(robotId) ?? []) };
    const ids = [...this.states.keys()].sort().filter((robotId) => after === undefined || robotId > after);
    const page = ids.slice(0, this.pageSize);
    const next = ids.length > page.length ? page.at(-1) : null;
    return { statuses: page.map((robotId) => this.states.get(robotId) as RobotStatusFeed), next };
  }
}
