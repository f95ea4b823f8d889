/** A command that must arrive: written down, on the robot's socket, and acknowledged by it or reported failed. */
type CommandStatus = 'pending' | 'sent' | 'acknowledged' | 'failed';

export const COMMAND_TRANSITIONS: Readonly<Record<CommandStatus, readonly CommandStatus[]>> = {
  pending: ['sent', 'acknowledged', 'failed'],
  sent: ['acknowledged', 'failed'],
  acknowledged: [],
  failed: [],
};
