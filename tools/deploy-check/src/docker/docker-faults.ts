import type { Fault } from '../fault';
export const dockerFaults = (): Fault[] => [];
