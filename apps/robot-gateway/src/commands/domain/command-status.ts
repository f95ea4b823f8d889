/** A command that must arrive: written down, on the robot's socket, and acknowledged by it or reported failed. */
const COMMAND_STATUSES = ['pending', 'sent', 'acknowledged', 'failed'] as const;
type CommandStatus = (typeof COMMAND_STATUSES)[number];

export const COMMAND_TRANSITIONS: Readonly<Record<CommandStatus, readonly CommandStatus[]>> = {
  pending: ['sent', 'acknowledged', 'failed'],
  sent: ['acknowledged', 'failed'],
  acknowledged: [],
  failed: [],
};
