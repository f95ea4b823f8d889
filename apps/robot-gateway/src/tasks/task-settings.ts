import { setting, type ConfigOf } from '@teleop/service-kit';

export const taskSettings = {
  /** Milliseconds between looks for tasks that wait, are late, or were left behind by a process that died. */
  TASK_SWEEP_MS: setting.int({ default: 1_000, min: 20 }),
  /** Robots whose tasks are looked after at the same moment: of the database's connections, others need some too. */
  TASK_ROBOTS_AT_ONCE: setting.int({ default: 4, min: 1 }),
  /** Tasks that may wait for a robot, of all robots together. */
  TASK_QUEUE_MAX: setting.int({ default: 1_000, min: 1 }),
  /** Milliseconds between attempts to put a step, or the CANCEL of one, on the socket of a robot that is away. */
  TASK_RETRY_MS: setting.int({ default: 500, min: 20 }),
  /** Milliseconds that a step waits for a robot whose socket is away before its task fails. */
  TASK_OFFLINE_MS: setting.int({ default: 30_000, min: 100 }),
  /** Milliseconds after which a step that the robot did not acknowledge is sent again. */
  TASK_RESEND_MS: setting.int({ default: 5_000, min: 50 }),
  /** Milliseconds after which a step that it acknowledged, and that its telemetry does not name, is sent again. */
  TASK_REMIND_MS: setting.int({ default: 15_000, min: 50 }),
  /** Milliseconds that a task waits before a step for its way or its robot to be free before it fails. */
  TASK_WAIT_MS: setting.int({ default: 1_800_000, min: 100 }),
  /** Seconds that a drive is thought to take when the map cannot say. */
  TASK_TRAVEL_S: setting.int({ default: 120, min: 1 }),
  /** How long a step may take: this much per cent of the time it is thought to take, and so many milliseconds more. */
  TASK_TIMEOUT_PERCENT: setting.int({ default: 200, min: 100 }),
  TASK_TIMEOUT_MARGIN_MS: setting.int({ default: 10_000, min: 0 }),
  /** Milliseconds that a robot has to confirm that it stopped a step, before it is told again; and until that is given up. */
  TASK_STOP_ACK_MS: setting.int({ default: 2_000, min: 50 }),
  TASK_STOP_KEEP_MS: setting.int({ default: 600_000, min: 100 }),
};

export type TaskConfig = ConfigOf<typeof taskSettings>;
