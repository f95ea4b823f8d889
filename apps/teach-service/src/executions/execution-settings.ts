import { setting, type ConfigOf } from '@teleop/service-kit';

export const executionSettings = {
  /** Milliseconds between looks for executions that somebody left half done, or that nothing is heard of. */
  EXECUTION_SWEEP_MS: setting.int({ default: 2_000, min: 20 }),
  /** Milliseconds robot-gateway has to take a task. */
  EXECUTION_ASK_MS: setting.int({ default: 5_000, min: 50 }),
  /** Milliseconds after which a task that was asked for, and of which nobody knows, is asked for again. */
  EXECUTION_ASK_AGAIN_MS: setting.int({ default: 6_000, min: 20 }),
  /** Milliseconds an execution may wait for robot-gateway to take its task. */
  EXECUTION_TASK_PATIENCE_MS: setting.int({ default: 300_000, min: 100 }),
  /** Milliseconds without news of a task after which robot-gateway is asked how it is. */
  EXECUTION_SILENCE_MS: setting.int({ default: 30_000, min: 50 }),
  /** Milliseconds after which a question to robot-gateway can have no effect any more. */
  EXECUTION_QUESTION_DEAD_MS: setting.int({ default: 15_000, min: 50 }),
};

export type ExecutionSettings = ConfigOf<typeof executionSettings>;
