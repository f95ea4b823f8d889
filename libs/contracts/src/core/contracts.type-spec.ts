/**
 * What must not compile. Nothing here runs: `typecheck` goes red when one of the lines marked @ts-expect-error compiles.
 * What publishers and handlers may not do is in libs/messaging/src/messaging.type-spec.ts.
 */
import { IsInt, IsString } from 'class-validator';
import {
  defineEvent,
  defineFeed,
  defineRequest,
  eventSubject,
  feedSubject,
  queueChanged,
  queueSnapshot,
  robotStatusFeed,
  type AskOf,
  type ErrorCodeOf,
  type OwnerOf,
  type PayloadOf,
  type ReplyOf,
  type RobotId,
  type UserId,
} from '../index';

class Counted {
  @IsString()
  robotId!: string;

  @IsInt()
  count!: number;
}

const spec = {
  name: 'x.counted',
  owner: 'queue-service',
  stream: 'QUEUE',
  payload: Counted,
  description: 'Somebody counted.',
} as const;

export const good = defineEvent({ ...spec, subject: 'teleop.queue.counted.v1.{robotId}' });

// @ts-expect-error the subject has a token that the payload lacks
export const lacking = defineEvent({ ...spec, subject: 'teleop.queue.counted.v1.{userId}' });

// @ts-expect-error a subject token is text, and `count` is a number
export const notText = defineEvent({ ...spec, subject: 'teleop.queue.counted.v1.{count}' });

// @ts-expect-error there is no such service
export const stranger = defineEvent({ ...spec, owner: 'nobody', subject: 'teleop.queue.counted.v1' });

// @ts-expect-error there is no such stream
export const nowhere = defineEvent({ ...spec, stream: 'NOWHERE', subject: 'teleop.queue.counted.v1' });

// @ts-expect-error a payload is a class with validation, not a type made up on the spot
export const shapeless = defineEvent({ ...spec, payload: { count: 1 }, subject: 'teleop.queue.counted.v1' });

// @ts-expect-error a request's answer is a class
export const noReply = defineRequest({ ...queueSnapshot, reply: undefined });

const { stream: _, ...feedSpec } = spec;

export const feed = defineFeed({ ...feedSpec, subject: 'teleop.feeds.counted.v1.{robotId}' });

// @ts-expect-error the subject has a token that the payload lacks
export const feedLacking = defineFeed({ ...feedSpec, subject: 'teleop.feeds.counted.v1.{userId}' });

// @ts-expect-error the subject cannot be filled from this
export const feedSubjectOf = feedSubject(robotStatusFeed, { version: 1 });

export const payload: PayloadOf<typeof queueChanged> = { robotId: 'arm1', version: 1 };

// @ts-expect-error a field is missing
export const missing: PayloadOf<typeof queueChanged> = { robotId: 'arm1' };

// @ts-expect-error the subject cannot be filled from this
export const subject = eventSubject(queueChanged, { version: 1 });

export const owner: OwnerOf<typeof queueChanged> = 'queue-service';

// @ts-expect-error another service does not own it
export const notOwner: OwnerOf<typeof queueChanged> = 'vision-service';

export const ask: AskOf<typeof queueSnapshot> = { robotId: 'arm1' };

// @ts-expect-error asked with another field
export const wrongAsk: AskOf<typeof queueSnapshot> = { userId: 'arm1' };

// @ts-expect-error an answer of another shape
export const wrongReply: ReplyOf<typeof queueSnapshot> = { robotId: 'arm1', version: 1 };

export const refusal: ErrorCodeOf<typeof queueSnapshot> = 'ROBOT_NOT_FOUND';

// @ts-expect-error a code that the request does not declare
export const undeclared: ErrorCodeOf<typeof queueSnapshot> = 'UNAUTHORIZED';

// @ts-expect-error an unchecked string is not a robot id
export const robotId: RobotId = 'arm1';

// @ts-expect-error a user's id is not a robot's
export const mixedUp = (id: UserId): RobotId => id;
