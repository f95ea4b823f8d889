import { Injectable } from '@nestjs/common';
import type { TeachSample, TeachSampleList } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import type { SamplesQuery } from './params';
import { READ_SAMPLES } from './sql/read-samples.sql';

const DEFAULT_LIMIT = 100;

interface SampleRow {
  readonly teach_sample_id: string;
  readonly ts: Date;
  readonly stream_seq: string;
  readonly pose_x: number | null;
  readonly pose_y: number | null;
  readonly heading_rad: number | null;
  readonly hoist_height: number | null;
  readonly telescope_length: number | null;
  readonly rotation_angle_deg: number | null;
  readonly grip_position: number | null;
  readonly raw_json: Record<string, unknown> | null;
}

/** The samples of a session, in their order; every page is as quick as the first. */
@Injectable()
export class SamplePages {
  constructor(private readonly database: Database) {}

  async read(sessionId: string, query: SamplesQuery): Promise<TeachSampleList> {
    const { from = '-infinity', to = 'infinity', limit = DEFAULT_LIMIT, cursor } = query;
    const [ms, seq] = cursor?.split('-') ?? [];
    const after = ms === undefined ? '-infinity' : new Date(Number(ms)).toISOString();
    const params = [sessionId, from, to, after, seq ?? '0', limit + 1];
    const rows = await this.database.query<SampleRow>(READ_SAMPLES, params);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map((row) => viewOf(sessionId, row)),
      nextCursor: last === undefined ? null : `${last.ts.getTime()}-${last.stream_seq}`,
    };
  }
}

function viewOf(teachSessionId: string, row: SampleRow): TeachSample {
  return {
    teachSampleId: row.teach_sample_id,
    teachSessionId,
    ts: row.ts.toISOString(),
    poseX: row.pose_x,
    poseY: row.pose_y,
    headingRad: row.heading_rad,
    hoistHeight: row.hoist_height,
    telescopeLength: row.telescope_length,
    rotationAngleDeg: row.rotation_angle_deg,
    gripPosition: row.grip_position,
    rawJson: row.raw_json,
  };
}
