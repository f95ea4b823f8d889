import { robotIdOf } from './people';

/** Robots of robot-gateway's fleet that loads can name by number, each with a key of its own. $1: how many. */
export const INSERT_TABLE_ROBOTS = `
  INSERT INTO robots.robot (robot_id, name, api_key_hash)
  SELECT 'bench' || n, 'bench' || n, encode(sha256(convert_to('bench-key-' || n, 'UTF8')), 'hex')
  FROM generate_series(0, $1::int - 1) n
`;

export function robotKeyOf(number: number): string {
  return `bench-key-${number}`;
}

/** Where a robot connects out to; `origin` of HTTP. */
export function robotSocketOf(origin: string, number: number): string {
  const query = `robotId=${robotIdOf(number)}&key=${robotKeyOf(number)}`;
  return `${origin.replace('http', 'ws')}/ws/robot/control?${query}`;
}

/** What a robot says of itself, the `turn`th time: battery and place change, as they do under way. */
export function telemetryOf(number: number, turn: number): string {
  return JSON.stringify({
    systemHealth: 'OK',
    batteryLevel: 100 - (turn % 100),
    driveMode: 'MANUAL',
    cargoStatus: 'EMPTY',
    currentPosition: `N${turn % 20}`,
    lastNode: `N${turn % 20}`,
    targetNode: `N${(number + turn) % 20}`,
    pose: { x: (turn % 1_000) / 100, y: (number % 100) / 10, headingRad: 1.5 },
  });
}
