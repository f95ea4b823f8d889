/** What must not compile. Nothing here runs: `typecheck` goes red when a line marked @ts-expect-error compiles. */
import {
  probeSession,
  queueChanged,
  queueSnapshot,
  queueVersions,
  sessionEnded,
  visionEvaluationCompleted,
  type AskQueueSnapshot,
  type AskQueueVersions,
  type CurrentTurn,
  type QueueChanged,
  type QueueUpdate,
  type SessionEnded,
  type SessionProbeAnswer,
} from '@teleop/contracts';
import { Answers, Consumes, isRefusal, refuse, type ConsumerContext } from './index';
import type { Broadcast, Outbox, Requests, Tx } from './index';

declare const outbox: Outbox<'queue-service'>;
declare const requests: Requests;
declare const broadcast: Broadcast;
declare const tx: Tx;
declare const partOfChange: Pick<QueueChanged, 'robotId'>;

/** Publishing: the owner, and the whole payload. */
export const publishing = [
  () => outbox.append(tx, queueChanged, { robotId: 'arm1', version: 1 }),

  // @ts-expect-error vision-service owns this event, queue-service cannot announce it
  () => outbox.append(tx, visionEvaluationCompleted, {} as never),

  // @ts-expect-error a field is missing
  () => outbox.append(tx, queueChanged, { robotId: 'arm1' }),

  // @ts-expect-error a field is missing, in a value made elsewhere
  () => outbox.append(tx, queueChanged, partOfChange),

  // @ts-expect-error a field is of another type
  () => outbox.append(tx, queueChanged, { robotId: 'arm1', version: '1' }),

  // @ts-expect-error a field that the payload does not have
  () => outbox.append(tx, queueChanged, { robotId: 'arm1', version: 1, userId: 'u' }),

  // @ts-expect-error the payload of another event
  () => outbox.append(tx, sessionEnded, { robotId: 'arm1', version: 1 }),

  // @ts-expect-error without a transaction nothing is announced
  () => outbox.append(undefined, queueChanged, { robotId: 'arm1', version: 1 }),

  () => outbox.row(queueChanged, { robotId: 'arm1', version: 1 }),

  // @ts-expect-error vision-service owns this event, queue-service cannot announce it
  () => outbox.row(visionEvaluationCompleted, {} as never),

  // @ts-expect-error a field is missing
  () => outbox.row(queueChanged, { robotId: 'arm1' }),
];

/** Consuming: the payload of that very event. */
export class Consumers {
  @Consumes(queueChanged, { name: 'whole' })
  async whole(_event: QueueChanged, _context: ConsumerContext): Promise<void> {}

  @Consumes(queueChanged, { name: 'payload-only' })
  async payloadOnly(_event: QueueChanged): Promise<void> {}

  @Consumes(queueChanged, { name: 'part' })
  async part(_event: Pick<QueueChanged, 'robotId'>): Promise<void> {}

  // @ts-expect-error the handler wants the payload of another event
  @Consumes(queueChanged, { name: 'other' })
  async other(_event: SessionEnded): Promise<void> {}

  // @ts-expect-error the handler wants a field of another type
  @Consumes(queueChanged, { name: 'field' })
  async field(_event: { robotId: string; version: string }): Promise<void> {}

  // @ts-expect-error the handler is not asynchronous: its end could not be waited for
  @Consumes(queueChanged, { name: 'sync' })
  sync(_event: QueueChanged): void {}

  // @ts-expect-error a consumer has a name
  @Consumes(queueChanged, {})
  async nameless(_event: QueueChanged): Promise<void> {}

  // @ts-expect-error a request is answered, not consumed
  @Consumes(queueSnapshot, { name: 'request' })
  async request(_ask: AskQueueSnapshot): Promise<void> {}
}

/** Answering: what was asked, and the declared answer. */
export class Answerers {
  @Answers(queueSnapshot)
  async right(_ask: AskQueueSnapshot): Promise<QueueUpdate> {
    throw refuse(queueSnapshot, 'ROBOT_NOT_FOUND', 'no such robot');
  }

  // @ts-expect-error an answer of another shape
  @Answers(queueSnapshot)
  async otherAnswer(_ask: AskQueueSnapshot): Promise<CurrentTurn> {
    return { turn: null };
  }

  // @ts-expect-error an answer with a field missing
  @Answers(queueSnapshot)
  async lessAnswer(_ask: AskQueueSnapshot): Promise<Pick<QueueUpdate, 'robotId'>> {
    return { robotId: 'arm1' };
  }

  // @ts-expect-error an answer with a value that is not declared
  @Answers(probeSession)
  async otherValue(_ask: { robotId: string }): Promise<{ answer: 'maybe' }> {
    return { answer: 'maybe' };
  }

  // @ts-expect-error asked with something else
  @Answers(queueSnapshot)
  async otherAsk(_ask: AskQueueVersions): Promise<QueueUpdate> {
    throw new Error('never');
  }
}

/** Refusing: declared codes only. */
export const refusing = [
  () => refuse(queueSnapshot, 'ROBOT_NOT_FOUND', 'no such robot'),

  // @ts-expect-error queueSnapshot does not declare this code
  () => refuse(queueSnapshot, 'UNAUTHORIZED', 'who are you'),

  // @ts-expect-error queueVersions declares no refusal at all
  () => refuse(queueVersions, 'ROBOT_NOT_FOUND', 'no such robot'),
];

/** Asking: the declared question, and only the declared refusals to deal with. */
export const asking = [
  async (): Promise<SessionProbeAnswer> => requests.ask(probeSession, { robotId: 'arm1', tokenHash: 'x' }),

  // @ts-expect-error a field of the question is missing
  () => requests.ask(probeSession, { robotId: 'arm1' }),

  // @ts-expect-error a field of the question is missing, in a value made elsewhere
  () => requests.ask(probeSession, partOfChange),

  // @ts-expect-error another answer than the declared one
  async (): Promise<CurrentTurn> => requests.ask(queueSnapshot, { robotId: 'arm1' }),

  (error: unknown) => isRefusal(error, queueSnapshot) && error.code === 'ROBOT_NOT_FOUND',

  // @ts-expect-error this refusal cannot come
  (error: unknown) => isRefusal(error, queueSnapshot) && error.code === 'UNAUTHORIZED',
];

/** Hearing live. */
export const hearing = [
  () => broadcast.subscribe(queueChanged, ({ version }) => version.toFixed()),

  // @ts-expect-error the listener wants the payload of another event
  () => broadcast.subscribe(queueChanged, (event: SessionEnded) => event.reason),
];
