export { ArmBrain, type Reaction, type StopCause } from './arm/arm-brain';
export type { Command, Lease } from './arm/command';
export { JOINTS, type JointLimits } from './arm/joints';
export type { LeaseEntry } from './arm/lease-log';
export { ArmRobot, type ArmRobotEvents, type ArmRobotOptions } from './arm-robot';
