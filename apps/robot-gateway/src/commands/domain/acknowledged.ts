import type { CancelCommand, NavigateCommand } from './robot-command';

/**
 * Whether telemetry that came after a command shows that the robot took it. New firmware names the command; of old
 * firmware we see what it does: it goes somewhere, or stands still.
 */
export function showsTaken(
  command: NavigateCommand | CancelCommand,
  state: Readonly<Record<string, unknown>>,
): boolean {
  const { command: named, driveMode, targetNode, currentPosition } = state;
  if (typeof named === 'object' && named !== null && command.id !== undefined) {
    if ((named as { id?: unknown }).id === command.id) return true;
  }
  if (command.command === 'CANCEL') return driveMode === 'IDLE' || targetNode === null;
  return (
    driveMode !== 'IDLE' || targetNode === command.destination || currentPosition === command.destination
  );
}
