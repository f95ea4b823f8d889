import type { Lies } from '../faults/faults';
import type { RobotState } from './robot-state';

/** What a robot says that does not tell the truth. `other` is a node it is not at. */
export function lieAbout(state: RobotState, lies: Lies, other: string): RobotState {
  return {
    ...state,
    ...(lies.idle ? { driveMode: 'IDLE' } : {}),
    ...(lies.position ? { currentPosition: other, lastNode: other } : {}),
    ...(lies.command && state.command !== undefined
      ? { command: { ...state.command, status: 'DONE' as const } }
      : {}),
  };
}
