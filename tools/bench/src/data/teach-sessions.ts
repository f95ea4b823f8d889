import { robotIdOf } from './people';

export function teachSessionOf(number: number): string {
  return `00000000-0000-4000-9000-${number.toString(16).padStart(12, '0')}`;
}

/**
 * A session for each robot that loads name by number, which records whatever comes. Not RECORDING: there is no robot-gateway
 * here whose locks it could keep. $1: how many, $2 JSON: their ids and robots.
 */
export const INSERT_TEACH_SESSIONS = `
  INSERT INTO teach.teach_session (
    teach_session_id, robot_id, status, created_by, created_by_name, started_at, finished_at, recorded
  )
  SELECT id, robot, 'STOPPED', id, 'bench', '2020-01-01', '2100-01-01', '{[2020-01-01,2100-01-01)}'
  FROM json_to_recordset($1::json) AS wanted (id uuid, robot text)
`;

export function teachSessions(count: number): string {
  const all = Array.from({ length: count }, (_, number) => ({
    id: teachSessionOf(number),
    robot: robotIdOf(number),
  }));
  return JSON.stringify(all);
}

/** A million and the like, 50 a second, in one session. $1 session, $2 how many. */
export const FILL_SAMPLES = `
  INSERT INTO teach.teach_sample (
    teach_session_id, teach_sample_id, ts, stream_seq, pose_x, pose_y, heading_rad, hoist_height, telescope_length,
    rotation_angle_deg, grip_position
  )
  SELECT $1, gen_random_uuid(), '2026-01-01Z'::timestamptz + n * interval '20 milliseconds', n, n % 100, n % 7, 1.5, 0, 0, 0, 40
  FROM generate_series(1, $2::int) n
`;

/** Where the pages that begin behind the `n`th sample do. */
export function cursorBehind(n: number): string {
  return `${Date.UTC(2026, 0, 1) + n * 20}-${n}`;
}

/** What robot-gateway passes on of a robot that is taught. */
export function teachStateOf(number: number, turn: number, messageId: string, at: string): string {
  return JSON.stringify({
    messageId,
    producedAtUtc: at,
    robotId: robotIdOf(number),
    type: 'teachState',
    payload: {
      ...{ poseX: (turn % 1_000) / 100, poseY: (number % 100) / 10, headingRad: 1.5, hoistHeight: 120 },
      ...{ telescopeLength: 0, rotationAngleDeg: 90, gripPosition: 40 },
    },
  });
}
