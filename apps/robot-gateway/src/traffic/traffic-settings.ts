import { setting, type ConfigOf } from '@teleop/service-kit';

export const trafficSettings = {
  /** Milliseconds between looks for traffic locks that nobody renewed, and for what other replicas freed unheard. */
  TRAFFIC_SWEEP_MS: setting.int({ default: 500, min: 50 }),
  /** Days that traffic locks which are over are remembered: a request that comes again by then is told so. */
  TRAFFIC_KEEP_DAYS: setting.int({ default: 7, min: 1 }),
};

export type TrafficConfig = ConfigOf<typeof trafficSettings>;
