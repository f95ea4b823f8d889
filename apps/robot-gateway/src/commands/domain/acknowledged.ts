import { namedCommand } from '../../telemetry/named-command';
import type { CancelCommand, NavigateCommand } from './robot-command';

/**
 * Whether telemetry that came after a command shows that the robot took it. New firmware names the command; of old
 * firmware we see what it does: it goes somewhere, or stands still.
 */
export function showsTaken(
  command: NavigateCommand | CancelCommand,
  state: Readonly<Record<string, unknown>>,
): boolean {
  const { driveMode, targetNode, currentPosition } = state;
  if (command.command === 'CANCEL') return driveMode === 'IDLE' || targetNode === null;
  const named = namedCommand(state);
  if (named !== undefined) return named.id === command.id;
  const drivesByItself = driveMode !== 'IDLE' && driveMode !== 'MANUAL';
  return drivesByItself || targetNode === command.destination || currentPosition === command.destination;
}
