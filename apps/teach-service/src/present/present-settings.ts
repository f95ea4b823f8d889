import { setting, type ConfigOf } from '@teleop/service-kit';

export const presentSettings = {
  /** Recordings, and executions, that somebody who joins is told of at once; the others he finds in the lists. */
  TEACH_PRESENT_MAX: setting.int({ default: 100, min: 1, max: 1_000 }),
};

export type PresentSettings = ConfigOf<typeof presentSettings>;
