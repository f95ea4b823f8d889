import { Injectable } from '@nestjs/common';
import { taskChanged, type TaskProgress } from '@teleop/contracts';
import { Consumes, Outbox, type ConsumerContext } from '@teleop/messaging';
import { FollowTask } from './follow-task';

/** What robot-gateway announces of tasks; those that are nobody's execution change nothing. */
@Injectable()
export class TaskEventsConsumer {
  constructor(
    private readonly following: FollowTask,
    private readonly outbox: Outbox<'teach-service'>,
  ) {}

  @Consumes(taskChanged, { name: 'follow-tasks' })
  async changed(progress: TaskProgress, { tx }: ConsumerContext): Promise<void> {
    await this.following.apply(progress, tx);
    // The relay finds the row at its next look at the latest; this only makes it sooner.
    setImmediate(() => this.outbox.poke());
  }
}
