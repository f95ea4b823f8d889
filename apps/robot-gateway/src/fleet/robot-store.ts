import { Injectable } from '@nestjs/common';
import type { RobotCapabilities, RobotLimits } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import type { RobotRecord } from './robot-record';
import { ENSURE_ROBOT } from './sql/ensure-robot.sql';
import { READ_ROBOT, READ_ROBOTS } from './sql/read-robots.sql';
import { SET_ROBOT_URL } from './sql/set-robot-url.sql';

interface RobotRow {
  readonly robot_id: string;
  readonly name: string;
  readonly api_key_hash: string | null;
  readonly capabilities: RobotCapabilities;
  readonly limits: RobotLimits;
  readonly url: string | null;
  readonly last_state: Record<string, unknown> | null;
  readonly last_state_at: Date | null;
  readonly created_at: Date;
}

@Injectable()
export class RobotStore {
  constructor(private readonly database: Database) {}

  async all(): Promise<RobotRecord[]> {
    return (await this.database.query<RobotRow>(READ_ROBOTS)).map(recordOf);
  }

  async find(robotId: string): Promise<RobotRecord | undefined> {
    const row = await this.database.maybe<RobotRow>(READ_ROBOT, [robotId]);
    return row === undefined ? undefined : recordOf(row);
  }

  async ensure(robotId: string): Promise<void> {
    await this.database.query(ENSURE_ROBOT, [robotId, robotId]);
  }

  /** True when it was another one before. */
  async setUrl(robotId: string, url: string): Promise<boolean> {
    const row = await this.database.maybe<{ changed: boolean }>(SET_ROBOT_URL, [robotId, url]);
    return row?.changed ?? false;
  }
}

export function recordOf(row: RobotRow): RobotRecord {
  return {
    robotId: row.robot_id,
    name: row.name,
    apiKeyHash: row.api_key_hash,
    capabilities: row.capabilities,
    limits: row.limits,
    url: row.url,
    lastState: row.last_state,
    lastStateAt: row.last_state_at,
    createdAt: row.created_at,
  };
}
