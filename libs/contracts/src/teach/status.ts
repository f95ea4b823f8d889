export const MISSION_STATUSES = ['DRAFT', 'PUBLISHED', 'ARCHIVED'] as const;
export type MissionStatus = (typeof MISSION_STATUSES)[number];

export const TEACH_SESSION_STATUSES = ['DRAFT', 'RECORDING', 'STOPPED', 'FAILED'] as const;
export type TeachSessionStatus = (typeof TEACH_SESSION_STATUSES)[number];

export const EXECUTION_STATUSES = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELED'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];
