import type http from 'node:http';
import type https from 'node:https';
import { Announcer } from './link/announcer';
import { keepAliveAgent } from './link/http-client';
import { silent } from './link/log';
import { httpUrl, type TableRobotOptions } from './options';
import type { CommandEntry } from './orders/command-log';
import { TableRobot } from './table-robot';

type PerRobot = 'robotId' | 'apiKey' | 'agent' | 'announcer' | 'log' | 'home';

export interface FleetOptions extends Omit<TableRobotOptions, PerRobot> {
  readonly robotIds: readonly string[];
  /** One key for all, or one of each. */
  readonly apiKey?: string | ((robotId: string) => string);
  readonly home?: (robotId: string, index: number) => string;
  readonly log?: (robotId: string) => NonNullable<TableRobotOptions['log']>;
  /** Connections to the gateway that the posts of all robots share. */
  readonly maxSockets?: number;
}

/** Many robots in one process: one clock and one pool of connections for all. */
export class Fleet {
  readonly robots: readonly TableRobot[];
  readonly #byId: ReadonlyMap<string, TableRobot>;
  readonly #agent: http.Agent | https.Agent;
  readonly #announcer: Announcer | undefined;

  constructor(options: FleetOptions) {
    const { robotIds, apiKey, home, log, maxSockets = 64, ...shared } = options;
    this.#agent = keepAliveAgent(httpUrl(options.url), maxSockets);
    this.#announcer = options.announce && new Announcer(options.announce, log?.('fleet') ?? silent);
    this.robots = robotIds.map(
      (robotId, index) =>
        new TableRobot({
          ...shared,
          robotId,
          apiKey: typeof apiKey === 'function' ? apiKey(robotId) : apiKey,
          home: home?.(robotId, index),
          log: log?.(robotId),
          agent: this.#agent,
          announcer: this.#announcer,
          server: serverOf(shared.server, index),
        }),
    );
    this.#byId = new Map(this.robots.map((robot) => [robot.robotId, robot]));
  }

  /** Throws when there is none of this name. */
  robot(robotId: string): TableRobot {
    const robot = this.#byId.get(robotId);
    if (robot === undefined) throw new Error(`no robot ${robotId} in this fleet`);
    return robot;
  }

  /** Resolves when all HTTP servers listen. */
  async start(): Promise<this> {
    await Promise.all(this.robots.map((robot) => robot.start()));
    return this;
  }

  async stop(): Promise<void> {
    await Promise.all(this.robots.map((robot) => robot.stop()));
    this.#agent.destroy();
    this.#announcer?.close();
  }

  /** Every one has its control socket, and the gateway has taken telemetry of it. */
  get ready(): boolean {
    return this.robots.every(({ connected, telemetry }) => connected && telemetry.accepted > 0);
  }

  /** What all robots have seen, by robot. */
  get commands(): ReadonlyMap<string, readonly CommandEntry[]> {
    return new Map(this.robots.map(({ robotId, commands }) => [robotId, commands]));
  }
}

/** A fixed port is the first robot's, the next ones are the next robots'. */
function serverOf(server: FleetOptions['server'], index: number): FleetOptions['server'] {
  return server === false || !server?.port ? server : { ...server, port: server.port + index };
}
