import { planAlong, planTo, planToPoint, type Plan } from '../map/plan';
import type { Leg } from '../motion/route-drive';
import type { RoadMap } from '../map/robot-map';
import type { Actuators, Table } from '../motion/table';
import type { Step } from './command';

/** What a robot has beside wheels; names as robot-gateway has them. */
export interface Capabilities {
  readonly hasGrip: boolean;
  readonly hasRotate: boolean;
  readonly hasTelescope: boolean;
  readonly hasHoist: boolean;
}

/** What a step means in work: legs to drive, or seconds to take with the effect they have at their end. */
export type StepWork =
  | {
      readonly ok: true;
      readonly kind: 'drive';
      readonly legs: readonly Leg[];
      readonly target: string | null;
    }
  | {
      readonly ok: true;
      readonly kind: 'act';
      readonly seconds: number;
      readonly effect: Partial<Actuators>;
    }
  | { readonly ok: false; readonly reason: string };

export interface StepContext {
  readonly map: RoadMap;
  readonly table: Table;
  readonly speed: number;
  readonly capabilities: Capabilities;
}

type Effect = Partial<Actuators> | string;

const OPEN_MM = 100;
const NEEDS: Readonly<Record<string, keyof Capabilities | null>> = {
  grip: 'hasGrip',
  rotate: 'hasRotate',
  telescope: 'hasTelescope',
  hoist: 'hasHoist',
  wait: null,
};

const refused = (reason: string): StepWork => ({ ok: false, reason });

export function workOf(step: Step, path: readonly string[] | undefined, context: StepContext): StepWork {
  if (step.type === 'moveToPoint') return moveToPoint(step, path, context);
  const needs = NEEDS[step.type];
  if (needs === undefined) return refused(`UNKNOWN_STEP ${step.type}`);
  if (needs !== null && !context.capabilities[needs]) return refused(`NO_CAPABILITY ${needs}`);
  const seconds = step.requiredTimeSeconds;
  if (seconds === undefined || seconds < 0) return refused('BAD_STEP requiredTimeSeconds');
  const effect = effectOf(step);
  if (typeof effect === 'string') return refused(`BAD_STEP payload.${effect}`);
  return { ok: true, kind: 'act', seconds, effect };
}

function moveToPoint(step: Step, path: readonly string[] | undefined, context: StepContext): StepWork {
  const { map, table, speed } = context;
  const destination = step.payload['destination'] as Record<string, unknown> | null | undefined;
  const { nodeId, pointId, x, y } = destination ?? {};
  const node = nodeId ?? pointId;
  if (typeof node === 'string') {
    if (path !== undefined && path.at(-1) !== node)
      return refused('BAD_PATH does not end at its destination');
    const along = path ?? [];
    const plan =
      along.length > 0
        ? planAlong(map, table.whereabouts, along, speed)
        : planTo(map, table.whereabouts, node, speed);
    return driving(plan, node);
  }
  if (!Number.isFinite(x) || !Number.isFinite(y)) return refused('BAD_STEP payload.destination');
  return driving(planToPoint(map, table.whereabouts, { x: x as number, y: y as number }, speed), null);
}

function driving(plan: Plan, target: string | null): StepWork {
  return plan.ok ? { ok: true, kind: 'drive', legs: plan.legs, target } : plan;
}

/** What a step leaves behind, or the name of the payload's field that makes no sense. */
function effectOf({ type, payload }: Step): Effect {
  switch (type) {
    case 'grip':
      return gripEffect(payload);
    case 'rotate':
      return numberEffect(payload, 'targetDeg', 'rotationAngleDeg');
    case 'telescope':
      return numberEffect(payload, 'targetMm', 'telescopeLength');
    case 'hoist':
      return numberEffect(payload, 'targetMm', 'hoistHeight');
    default:
      return {};
  }
}

function gripEffect(payload: Step['payload']): Effect {
  switch (payload['target']) {
    case 'open':
      return { gripPosition: OPEN_MM };
    case 'close':
      return { gripPosition: 0 };
    case 'position':
      return numberEffect(payload, 'positionMm', 'gripPosition');
    default:
      return 'target';
  }
}

function numberEffect(payload: Step['payload'], field: string, actuator: keyof Actuators): Effect {
  const value = payload[field];
  return typeof value === 'number' && Number.isFinite(value) ? { [actuator]: value } : field;
}
