import { Injectable } from '@nestjs/common';
import type { CreateRobotBody, PatchRobotBody, RobotView, RobotWithKey } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { RobotHints } from '../replicas/robot-hints';
import { LeaseBook } from '../lease/lease-book';
import { LeaseStore } from '../lease/lease-store';
import { Fleet } from './fleet';
import { newRobotKey } from './robot-key';
import { RobotViews } from './robot-views';
import { DELETE_ROBOT } from './sql/delete-robot.sql';
import { INSERT_ROBOT } from './sql/insert-robot.sql';
import { PATCH_ROBOT } from './sql/patch-robot.sql';
import { SET_ROBOT_KEY } from './sql/set-robot-key.sql';

/** Ids that are paths of their own beside `/api/v1/robots/{id}`: a robot of that name could not be asked for. */
const RESERVED_IDS: ReadonlySet<string> = new Set(['map']);

/** What Admins do with the fleet. When a call returns, this replica knows of it; the others do within milliseconds. */
@Injectable()
export class ChangeFleet {
  constructor(
    private readonly database: Database,
    private readonly leases: LeaseStore,
    private readonly book: LeaseBook,
    private readonly fleet: Fleet,
    private readonly views: RobotViews,
    private readonly hints: RobotHints,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  /** Throws 409 ROBOT_EXISTS. The key is in the answer and nowhere else. */
  async register(body: CreateRobotBody): Promise<RobotWithKey> {
    const { robotId, name, capabilities, limits, url } = body;
    if (RESERVED_IDS.has(robotId)) {
      const message = `robotId must not be ${robotId}, which is a path of the API`;
      throw new ProblemError(400, 'VALIDATION_FAILED', message, { errors: [{ path: 'robotId', message }] });
    }
    const { key, hash } = newRobotKey();
    const row = await this.database.maybe(INSERT_ROBOT, [
      robotId,
      name,
      hash,
      JSON.stringify(capabilities ?? {}),
      JSON.stringify(limits ?? {}),
      url ? withoutSlash(url) : null,
    ]);
    if (row === undefined)
      throw new ProblemError(409, 'ROBOT_EXISTS', 'There is a robot with this id already');
    await this.told(robotId);
    return { ...(await this.views.one(robotId)), apiKey: key };
  }

  /** As RFC 7396: what is not given stays, null clears. Throws 404. */
  async patch(robotId: string, body: PatchRobotBody): Promise<RobotView> {
    const { name, capabilities, limits } = body;
    const url = body.url && withoutSlash(body.url);
    const json = [name, capabilities, limits, url].map((member) => JSON.stringify(member));
    const row = await this.database.maybe(PATCH_ROBOT, [robotId, ...json]);
    if (row !== undefined) await this.told(robotId);
    return this.views.one(robotId);
  }

  /** Throws 404, and 409 for the default robot: the paths of the single-robot protocol are about it. */
  async remove(robotId: string): Promise<void> {
    this.refuseDefault(robotId, 'The default robot cannot be deleted');
    // Nobody's row of the lease is made for a robot that there never was.
    await this.views.one(robotId);
    const { row, fact } = await this.database.transaction(async (tx) => {
      // As everybody who decides about a robot: its row of the lease first. Whoever commands it does so no more.
      await this.leases.lock(tx, robotId);
      const deleted = await tx.maybe(DELETE_ROBOT, [robotId]);
      if (deleted !== undefined) await this.leases.end(tx, robotId);
      return { row: deleted, fact: (await this.leases.read([robotId], tx))[0] };
    });
    if (row !== undefined && fact !== undefined) this.book.tell(fact);
    if (row === undefined) throw new ProblemError(404, 'ROBOT_NOT_FOUND', 'There is no robot with this id');
    await this.told(robotId);
  }

  /** A new key; the old one opens nothing from here on. Throws 404, and 409 for the default robot. */
  async rotateKey(robotId: string): Promise<RobotWithKey> {
    // A second key beside ROBOT_API_KEY would leave the old one open: not what whoever rotates it wants.
    this.refuseDefault(robotId, 'The key of the default robot is the setting ROBOT_API_KEY');
    const { key, hash } = newRobotKey();
    const row = await this.database.maybe(SET_ROBOT_KEY, [robotId, hash]);
    if (row !== undefined) await this.told(robotId);
    return { ...(await this.views.one(robotId)), apiKey: key };
  }

  private refuseDefault(robotId: string, why: string): void {
    if (robotId === this.config.DEFAULT_ROBOT_ID) throw new ProblemError(409, 'DEFAULT_ROBOT', why);
  }

  private async told(robotId: string): Promise<void> {
    this.hints.give(robotId, 'robot');
    await this.fleet.refresh(robotId);
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
