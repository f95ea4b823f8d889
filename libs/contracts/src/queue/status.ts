export const QUEUE_STATUS = {
  waiting: 'waiting',
  active: 'active',
  completed: 'completed',
  left: 'left',
} as const;
export type QueueStatus = (typeof QUEUE_STATUS)[keyof typeof QUEUE_STATUS];

export const USER_CLASSES = ['Explorer Member', 'Amplifier Member', 'Innovator Member'] as const;
export type UserClass = (typeof USER_CLASSES)[number];

/** Why a turn ended: the driver left, fell silent, or ran out of time. */
export const TURN_END_REASONS = ['left', 'inactive', 'timeout'] as const;
export type TurnEndReason = (typeof TURN_END_REASONS)[number];

export const POINT_TRANSACTION_TYPES = [
  'first_time_tele_op',
  'robot_control_reward',
  'dolls_compare_reward',
] as const;
export type PointTransactionType = (typeof POINT_TRANSACTION_TYPES)[number];
