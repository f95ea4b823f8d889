import { trafficAcquire, trafficHeartbeat, trafficRelease, trafficUpdateScope } from '@teleop/contracts';
import { ChangeTraffic } from './change-traffic';
import { TeachLease } from './teach-lease';
import { TrafficLockStore } from './traffic-lock-store';
import { TrafficSweepJob } from './traffic-sweep.job';
import { Traffic } from './traffic';
import { TrafficAnswers } from './traffic.answers';
import { TrafficController } from './traffic.controller';

/** What of this folder goes into the app's module. */
export const TRAFFIC = [
  TrafficLockStore,
  Traffic,
  TeachLease,
  ChangeTraffic,
  TrafficSweepJob,
  TrafficAnswers,
];
export const TRAFFIC_CONTROLLERS = [TrafficController];
export const TRAFFIC_ANSWERS = [trafficAcquire, trafficHeartbeat, trafficUpdateScope, trafficRelease];
