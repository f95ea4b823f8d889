import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { serve } from '../workers/serve';

/*
 * The least that takes states out of JetStream into the same table: batches of 500, each one statement with one JSON
 * parameter, acknowledged when it is committed. Nothing is checked, no session is looked for, nothing is told live.
 */

const STREAM = 'BENCH_STATE';
const BATCH = 500;

export interface TeachFloor {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly durable: string;
  readonly sessions: Readonly<Record<string, string>>;
}

const INSERT = `
  INSERT INTO teach.teach_sample (
    teach_session_id, teach_sample_id, ts, stream_seq, pose_x, pose_y, heading_rad, hoist_height, telescope_length,
    rotation_angle_deg, grip_position
  )
  SELECT * FROM json_to_recordset($1::json) AS said (
    session uuid, id uuid, ts timestamptz, seq bigint, x float8, y float8, h float8, hoist float8, tele float8, rot float8,
    grip float8
  )
`;

interface State {
  readonly messageId: string;
  readonly producedAtUtc: string;
  readonly robotId: string;
  readonly payload: Readonly<Record<string, number>>;
}

let nc: NatsConnection;
let client: pg.Client;

async function open({ natsUrl, databaseUrl, durable }: TeachFloor): Promise<void> {
  nc = await connect({ servers: natsUrl });
  client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const manager = await jetstreamManager(nc);
  await manager.streams.add({ name: STREAM, subjects: ['bench.teach.state.*'] });
  await manager.consumers.add(STREAM, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 20_000,
  });
}

/** Runs until everything that was there is written. */
async function drain({ durable, sessions }: TeachFloor): Promise<void> {
  const consumer = await jetstream(nc).consumers.get(STREAM, durable);
  const waiting: JsMsg[] = [];
  const messages = await consumer.consume({
    max_messages: 2_000,
    callback: (message) => void waiting.push(message),
  });
  const rowOf = (message: JsMsg) => {
    const { messageId, producedAtUtc, robotId, payload } = message.json<State>();
    const { poseX, poseY, headingRad, hoistHeight, telescopeLength, rotationAngleDeg, gripPosition } =
      payload;
    return {
      ...{
        session: sessions[robotId],
        id: messageId,
        ts: producedAtUtc,
        seq: message.seq,
        x: poseX,
        y: poseY,
      },
      ...{
        h: headingRad,
        hoist: hoistHeight,
        tele: telescopeLength,
        rot: rotationAngleDeg,
        grip: gripPosition,
      },
    };
  };
  for (let left = Infinity; left > 0;) {
    if (waiting.length < BATCH) await sleep(waiting.length === 0 ? 5 : 20);
    const batch = waiting.splice(0, BATCH);
    if (batch.length > 0)
      await client.query({ name: 'insert', text: INSERT, values: [JSON.stringify(batch.map(rowOf))] });
    for (const message of batch) message.ack();
    left = batch.length > 0 ? batch.at(-1)!.info.pending + waiting.length : left;
  }
  await nc.flush();
  messages.stop();
}

serve({ open, drain });
