import { Injectable } from '@nestjs/common';
import { planPath, type PlanAnswer } from '@teleop/contracts';
import { isRefusal, Requests } from '@teleop/messaging';

export type Refusal = 'node_unknown' | 'no_path' | 'robot_unknown';
export type PathAnswer = PlanAnswer | Refusal;
export type Leg = readonly [from: string, to: string];

/** Questions under way at once. */
const AT_ONCE = 8;
export const legKey = (from: string, to: string): string => JSON.stringify([from, to]);

/** Ways over the map, as robot-gateway plans them. */
@Injectable()
export class Paths {
  constructor(private readonly requests: Requests) {}

  /** Each leg once, by its `legKey`. Throws an operational error when robot-gateway does not answer. */
  async plan(legs: readonly Leg[], robotId: string | undefined): Promise<ReadonlyMap<string, PathAnswer>> {
    const open = [...new Map(legs.map((leg) => [legKey(...leg), leg]))];
    const found = new Map<string, PathAnswer>();
    const worker = async () => {
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const [key, [from, to]] = next;
        found.set(key, await this.ask(from, to, robotId));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return found;
  }

  private async ask(from: string, to: string, robotId: string | undefined): Promise<PathAnswer> {
    try {
      return await this.requests.ask(planPath, { from, to, ...(robotId !== undefined && { robotId }) });
    } catch (error) {
      if (isRefusal(error, planPath)) return error.code;
      throw error;
    }
  }
}
