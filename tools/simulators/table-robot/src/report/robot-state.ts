import type { Brain } from '../orders/brain';
import type { Lease } from '../orders/command';
import type { OrderStatus } from '../orders/order-memory';
import type { Actuators } from '../motion/table';
import type { Pose } from '../motion/pose';

/** The source's telemetry, as the old firmware sends it. */
export interface SourceState {
  readonly systemHealth: string;
  /** Whole per cent. */
  readonly batteryLevel: number;
  readonly driveMode: string;
  readonly cargoStatus: string;
  readonly currentPosition: string;
  readonly lastNode: string | null;
  readonly targetNode: string | null;
}

/** With what the new firmware adds. */
export interface RobotState extends SourceState, Partial<Actuators> {
  readonly command?: { readonly id: string; readonly status: OrderStatus };
  /** Metres and radians. */
  readonly pose?: Pose;
  /** The highest obeyed. */
  readonly lease?: Lease;
}

export function sourceState({ table, mode }: Brain): SourceState {
  return {
    systemHealth: 'OK',
    batteryLevel: Math.round(table.batteryLevel),
    driveMode: mode,
    cargoStatus: table.cargoStatus,
    currentPosition: table.lastNode,
    lastNode: table.lastNode,
    targetNode: table.targetNode,
  };
}

export function robotState(brain: Brain): RobotState {
  const { pose, actuators } = brain.table;
  const last = brain.orders.last;
  const lease = brain.gate.obeyed;
  return {
    ...sourceState(brain),
    ...(last === undefined ? {} : { command: { id: last.id, status: last.status } }),
    pose: { x: millis(pose.x), y: millis(pose.y), headingRad: millis(pose.headingRad) },
    ...(lease === undefined ? {} : { lease }),
    ...actuators,
  };
}

const millis = (value: number): number => Math.round(value * 1_000) / 1_000;
