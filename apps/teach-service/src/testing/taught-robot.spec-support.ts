import { randomUUID } from 'node:crypto';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

type Json = Record<string, unknown>;

/** What robot-gateway passes on of a robot that is taught. Every state that was acknowledged by JetStream is remembered. */
export class TaughtRobot {
  readonly acknowledged: string[] = [];
  readonly controls: Json[] = [];
  readonly #js: JetStreamClient;

  constructor(
    readonly nc: NatsConnection,
    readonly robotId: string,
  ) {
    this.#js = jetstream(nc, { timeout: 20_000 });
    nc.subscribe(`robots.teach.control.${robotId}`, {
      callback: (_, message) => void this.controls.push(message.json<Json>()),
    });
  }

  state(payload: Json = {}, envelope: Json = {}): Json {
    return {
      messageId: randomUUID(),
      correlationId: 'c-1',
      producedAtUtc: new Date().toISOString(),
      robotId: this.robotId,
      type: 'teachState',
      payload: { poseX: 1, poseY: 2, headingRad: 0.5, ...payload },
      ...envelope,
    };
  }

  async say(state: Json): Promise<void> {
    await this.#js.publish(`robots.teach.state.${this.robotId}`, JSON.stringify(state));
    this.acknowledged.push(state['messageId'] as string);
  }

  async saying(payload: Json = {}, envelope: Json = {}): Promise<Json> {
    const state = this.state(payload, envelope);
    await this.say(state);
    return state;
  }
}
