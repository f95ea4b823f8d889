import { taskCancel, taskCreate, taskGet, taskPause, taskResume } from '@teleop/contracts';
import { AssignTasks } from './assign-tasks';
import { ChangeTask } from './change-task';
import { CommandTask } from './command-task';
import { CreateTask } from './create-task';
import { DriveTask } from './drive-task';
import { SettleStep } from './settle-step';
import { StopSteps } from './stop-steps';
import { StopStore } from './stop-store';
import { TaskEngine } from './task-engine';
import { TaskMetrics } from './task-metrics';
import { TaskStore } from './task-store';
import { TaskSweepJob } from './task-sweep.job';
import { TaskTravel } from './task-travel';
import { Tasks } from './tasks';
import { TaskAnswers } from './tasks.answers';
import { TasksController } from './tasks.controller';

/** What of this folder goes into the app's module. */
export const TASKS = [
  TaskStore,
  StopStore,
  TaskMetrics,
  TaskTravel,
  ChangeTask,
  StopSteps,
  CreateTask,
  CommandTask,
  DriveTask,
  AssignTasks,
  SettleStep,
  Tasks,
  TaskEngine,
  TaskSweepJob,
  TaskAnswers,
];
export const TASK_CONTROLLERS = [TasksController];
export const TASK_ANSWERS = [taskCreate, taskCancel, taskPause, taskResume, taskGet];
