import { randomUUID } from 'node:crypto';

export interface BenchStep {
  readonly stepId: string;
  readonly type: string;
  readonly payload: object;
  readonly requiredTimeSeconds: number;
}

const step = (type: string, payload: object): BenchStep => ({
  stepId: randomUUID(),
  type,
  payload,
  requiredTimeSeconds: 2,
});

const ACTIONS = [
  () => step('hoist', { targetMm: 500 }),
  () => step('telescope', { targetMm: 600 }),
  () => step('rotate', { targetDeg: 45 }),
  () => step('grip', { target: 'position', positionMm: 50 }),
  () => step('moveToPoint', { destination: { nodeId: 'Kitchen' } }),
];

export function runOf(missionId: string): BenchStep {
  return step('missionRef', { missionId });
}

/** One action each, and one reference to the level below, if there is one. */
export function levelSteps(below: string | undefined): BenchStep[] {
  return [step('hoist', { targetMm: 100 }), ...(below === undefined ? [] : [runOf(below)])];
}

/** A mission of so many steps, every fifth of which runs one of the missions below it. */
export function longMission(steps: number, below: readonly string[]): BenchStep[] {
  return Array.from({ length: steps }, (_, index) =>
    index % 5 === 4
      ? runOf(below[index % below.length] ?? '')
      : (ACTIONS[index % ACTIONS.length] ?? ACTIONS[0]!)(),
  );
}

/** A robot that has everything and is limited in all of it. */
export const INSERT_TEACHABLE_ROBOT = `
  INSERT INTO robots.robot (robot_id, name, api_key_hash, capabilities, limits)
  VALUES (
    'bench', 'bench', repeat('0', 64),
    '{"hasGrip": true, "hasRotate": true, "hasTelescope": true, "hasHoist": true}',
    '{"hoistMm": {"min": 0, "max": 900}, "telescopeMm": {"min": 0, "max": 900}, "rotateDeg": {"min": -90, "max": 90}, "gripMm": {"min": 0, "max": 90}}'
  )
`;
