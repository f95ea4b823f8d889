import 'reflect-metadata';
import type { AskOf, EventDeclaration, PayloadOf, ReplyOf, RequestDeclaration } from '@teleop/contracts';
import type { Tx } from '../tx';

export interface ConsumerContext {
  /** The transaction in which the event is recorded as applied: the effect belongs into it. */
  readonly tx: Tx;
  readonly eventId: string;
  /** 1 on the first delivery. */
  readonly deliveryCount: number;
  /** ISO 8601: when the fact was written, by its owner's database. */
  readonly occurredAt: string;
}

export interface ConsumerOptions {
  /** Lower-case, dashes; unique within the service: part of the durable consumer's name and of the inbox rows. */
  readonly name: string;
  /** Messages handled at the same time by one process; 8 by default. With 1 and one process they keep their order. */
  readonly concurrency?: number;
}

export interface ConsumerMetadata extends ConsumerOptions {
  readonly event: EventDeclaration;
}

const CONSUMES = Symbol('teleop:consumes');
const ANSWERS = Symbol('teleop:answers');

type ConsumerMethod<E> = (payload: PayloadOf<E>, context: ConsumerContext) => Promise<void>;
type AnswerMethod<D> = (ask: AskOf<D>) => Promise<ReplyOf<D>>;

/**
 * Marks the method that applies an event, once per event id and in one transaction with the record of it. A method of
 * another payload type does not compile.
 */
export function Consumes<E extends EventDeclaration>(event: E, options: ConsumerOptions) {
  return <M extends ConsumerMethod<E>>(
    _target: object,
    _name: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const metadata: ConsumerMetadata = { ...options, event };
    Reflect.defineMetadata(CONSUMES, metadata, descriptor.value as object);
  };
}

/** Marks the method that answers a request. A method that takes or answers something else does not compile. */
export function Answers<D extends RequestDeclaration>(request: D) {
  return <M extends AnswerMethod<D>>(
    _target: object,
    _name: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    Reflect.defineMetadata(ANSWERS, request, descriptor.value as object);
  };
}

export function consumerMetadata(method: object): ConsumerMetadata | undefined {
  return Reflect.getMetadata(CONSUMES, method) as ConsumerMetadata | undefined;
}

export function answerMetadata(method: object): RequestDeclaration | undefined {
  return Reflect.getMetadata(ANSWERS, method) as RequestDeclaration | undefined;
}
