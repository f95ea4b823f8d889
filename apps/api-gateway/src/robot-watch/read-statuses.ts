import { robotStatuses, type RobotStatusFeed } from '@teleop/contracts';
import type { Requests } from '@teleop/messaging';

/** So that an answer stays below what one NATS message may hold, also with long lists of nodes. */
const ROBOTS_PER_QUESTION = 100;

/** What robot-gateway knows of these robots, or of all, page by page. */
export async function readStatuses(
  requests: Requests,
  robotIds: readonly string[] | undefined,
): Promise<RobotStatusFeed[]> {
  return robotIds === undefined ? readAll(requests) : readSome(requests, robotIds);
}

async function readSome(requests: Requests, robotIds: readonly string[]): Promise<RobotStatusFeed[]> {
  const found: RobotStatusFeed[] = [];
  for (let from = 0; from < robotIds.length; from += ROBOTS_PER_QUESTION) {
    const page = robotIds.slice(from, from + ROBOTS_PER_QUESTION);
    found.push(...(await requests.ask(robotStatuses, { robotIds: page })).statuses);
  }
  return found;
}

async function readAll(requests: Requests): Promise<RobotStatusFeed[]> {
  const found: RobotStatusFeed[] = [];
  let after: string | undefined;
  for (;;) {
    const { statuses, next } = await requests.ask(robotStatuses, after === undefined ? {} : { after });
    found.push(...statuses);
    // A page that leads back would be read for ever.
    if (next === undefined || next === null || (after !== undefined && next <= after)) return found;
    after = next;
  }
}
