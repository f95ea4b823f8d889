import { sha256Hex } from '@teleop/auth';
import type { RobotCapabilities, RobotLimits } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { INSERT_ROBOT } from './sql/insert-robot.sql';

interface DemoRobot {
  readonly robotId: string;
  readonly name: string;
  readonly capabilities: RobotCapabilities;
  readonly limits: RobotLimits;
}

const LIMITS: RobotLimits = {
  maxLinearVelocity: 1.2,
  maxAngularVelocity: 2,
  hoistMm: { min: 0, max: 600 },
  telescopeMm: { min: 0, max: 400 },
  rotateDeg: { min: -180, max: 180 },
  gripMm: { min: 0, max: 120 },
};

/** Robots to try the suite with, beside the default one. Their keys are `demo-key-<id>`: development only. */
const DEMO_ROBOTS: readonly DemoRobot[] = [
  {
    robotId: 'table2',
    name: 'Table 2',
    capabilities: { hasGrip: true, hasRotate: true, hasTelescope: true, hasHoist: true },
    limits: LIMITS,
  },
  {
    robotId: 'table3',
    name: 'Table 3',
    capabilities: {},
    limits: { maxLinearVelocity: 1.2, maxAngularVelocity: 2 },
  },
  ...[1, 2, 3].map((number) => ({
    robotId: `arm${number}`,
    name: `Arm ${number}`,
    capabilities: {},
    limits: {},
  })),
];

/**
 * The default robot needs no seed: the service sees to it. Demo robots when asked for; what operators changed of them is
 * kept. Safe to run at every start. Returns the ids that were added.
 */
export async function seedRobots(databaseUrl: string, demo: boolean): Promise<string[]> {
  if (!demo) return [];
  const database = new Database({
    databaseUrl,
    schema: 'robots',
    applicationName: 'robot-gateway-seed',
    poolSize: 1,
  });
  await database.connect();
  try {
    return await database.transaction(async (tx) => {
      const added: string[] = [];
      for (const { robotId, name, capabilities, limits } of DEMO_ROBOTS) {
        const hash = sha256Hex(`demo-key-${robotId}`);
        const json = [capabilities, limits].map((value) => JSON.stringify(value));
        const row = await tx.query(INSERT_ROBOT, [robotId, name, hash, ...json, null]);
        if (row.length > 0) added.push(robotId);
      }
      return added;
    });
  } finally {
    await database.close();
  }
}
