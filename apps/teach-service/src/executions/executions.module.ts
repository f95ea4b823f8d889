import { taskChanged } from '@teleop/contracts';
import { CommandExecution } from './command-execution';
import { CreateExecution } from './create-execution';
import { ExecutionMetrics } from './execution-metrics';
import { ExecutionStore } from './execution-store';
import { ExecutionSweepJob } from './execution-sweep.job';
import { ExecutionsController } from './executions.controller';
import { FollowTask } from './follow-task';
import { TaskEventsConsumer } from './task-events.consumer';
import { TaskLink } from './task-link';

export const EXECUTION_CONTROLLERS = [ExecutionsController];
export const EXECUTION_EVENTS = [taskChanged];
export const EXECUTIONS = [
  ExecutionMetrics,
  ExecutionStore,
  FollowTask,
  TaskLink,
  CreateExecution,
  CommandExecution,
  TaskEventsConsumer,
  ExecutionSweepJob,
];
