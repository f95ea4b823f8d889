import type { RobotStatus } from '@teleop/contracts';
import type { Telemetry } from '../telemetry/live-robots';

export interface StatusParts {
  readonly state: Telemetry | undefined;
  readonly connected: boolean;
  /** Of the manual-drive lock, while it has not expired. */
  readonly lockHolder: string | undefined;
}

const UNKNOWN = 'UNKNOWN';

const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);

/** The object of `GET /status`. Telemetry fields that we do not know stand beside ours and never replace one. */
export function statusView({ state, connected, lockHolder }: StatusParts): RobotStatus {
  // What is left of it are fields that we do not know, or that stand below anew.
  const {
    systemHealth,
    batteryLevel,
    driveMode,
    cargoStatus,
    currentPosition,
    lastNode,
    targetNode,
    ...extra
  } = state ?? {};
  const status: RobotStatus = {
    systemHealth: text(systemHealth, UNKNOWN),
    batteryLevel: typeof batteryLevel === 'number' ? batteryLevel : 0,
    driveMode: text(driveMode, UNKNOWN),
    cargoStatus: text(cargoStatus, UNKNOWN),
    lastRoute:
      typeof lastNode === 'string' && typeof targetNode === 'string'
        ? { start_node: lastNode, end_node: targetNode }
        : null,
    position: text(currentPosition, UNKNOWN),
    manualLockHolderName: lockHolder ?? null,
    robotConnected: connected,
  };
  return { ...extra, ...status };
}
