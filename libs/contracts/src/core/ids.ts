import { applyDecorators } from './apply-decorators';
import { IsString, IsUUID, Matches } from 'class-validator';

/** Robots and devices: short text ids. They become NATS subject tokens, so nothing else is let in. */
export const ROBOT_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type RobotId = Branded<string, 'RobotId'>;
export type UserId = Branded<string, 'UserId'>;

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isRobotId(value: unknown): value is RobotId {
  return typeof value === 'string' && ROBOT_ID_PATTERN.test(value);
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID_PATTERN.test(value);
}

export function isUserId(value: unknown): value is UserId {
  return isUuid(value);
}

/** Brands a checked string; throws a RangeError for anything that is not a robot id. */
export function robotId(value: string): RobotId {
  if (!isRobotId(value)) throw new RangeError('not a robot id: expected 1-64 of A-Z a-z 0-9 _ -');
  return value;
}

/** Brands a checked string; throws a RangeError for anything that is not a UUID. */
export function userId(value: string): UserId {
  if (!isUserId(value)) throw new RangeError('not a user id: expected a UUID');
  return value;
}

/** Property decorator: a robot id as of `ROBOT_ID_PATTERN`. */
export function IsRobotId(): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Matches(ROBOT_ID_PATTERN, { message: '$property must be 1-64 characters of A-Z, a-z, 0-9, _ or -' }),
  );
}

/** Property decorator: a user id, any UUID version (the nil UUID included: old accounts carry it). */
export function IsUserId(): PropertyDecorator {
  return applyDecorators(IsString(), IsUUID('loose', { message: '$property must be a UUID' }));
}
