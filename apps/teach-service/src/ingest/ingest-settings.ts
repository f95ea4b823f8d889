import { setting, type ConfigOf } from '@teleop/service-kit';

export const ingestSettings = {
  /** Samples that are written by one statement. */
  INGEST_BATCH: setting.int({ default: 500, min: 1, max: 5_000 }),
  /** Milliseconds that a sample waits for others to be written with. */
  INGEST_LINGER_MS: setting.int({ default: 20, min: 0, max: 5_000 }),
  /** Milliseconds after which JetStream gives what a replica has not written to another one. */
  INGEST_ACK_WAIT_MS: setting.int({ default: 5_000, min: 500 }),
  /** Samples that may be on their way to all replicas together. */
  INGEST_MAX_PENDING: setting.int({ default: 20_000, min: 100 }),
  /** Samples that one replica asks for at a time. */
  INGEST_PULL: setting.int({ default: 2_000, min: 1 }),
  /** Milliseconds between attempts while PostgreSQL or NATS is away. */
  INGEST_RETRY_MS: setting.int({ default: 250, min: 10 }),
};

/** With what every service knows and taking samples in needs. */
export type IngestSettings = ConfigOf<typeof ingestSettings> & { readonly NATS_STREAM_REPLICAS: number };
