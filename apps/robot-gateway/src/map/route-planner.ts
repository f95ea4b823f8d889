import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Fleet } from '../fleet/fleet';
import type { Plan, PlanRequest } from './domain/active-map';
import { MapStore } from './map-store';

/** Seconds between places of a robot for which there is no map. */
const NO_MAP_SECONDS = 1;

export interface RobotPlanRequest extends PlanRequest {
  /** Its own top speed counts then, unless `maxSpeed` is given. */
  readonly robotId?: string;
}

/** Paths and times on the active map, for one robot or for any. */
@Injectable()
export class RoutePlanner {
  constructor(
    private readonly maps: MapStore,
    private readonly fleet: Fleet,
  ) {}

  /** Whether the map has the node, by its id or unambiguous name. Nothing is known while there is no map. */
  knows(node: string): boolean {
    return this.maps.current()?.knows(node) === true;
  }

  /** The quickest path; undefined when a node is not known, or no way leads there past what is blocked. */
  plan({ robotId, ...request }: RobotPlanRequest): Plan | undefined {
    const maxSpeed =
      request.maxSpeed ??
      (robotId === undefined ? undefined : this.fleet.find(robotId)?.limits.maxLinearVelocity);
    return this.maps.current()?.plan({ ...request, maxSpeed });
  }

  /** Seconds without traffic at the paths' own speeds; finite also between places that are not on the map. */
  travelSeconds(from: string, to: string): number {
    const map = this.maps.current();
    if (map !== undefined) return map.travelSeconds(from, to);
    return from === to ? 0 : NO_MAP_SECONDS;
  }

  /**
   * All times between these places, as a function for `optimiseOrder`. Lets the process do other things between one place
   * and the next: on a large map each costs milliseconds. The whole table is of one map, whatever is set meanwhile.
   */
  async travelTimes(places: Iterable<string>): Promise<(from: string, to: string) => number> {
    const map = this.maps.current();
    const seconds = (from: string, to: string) =>
      map === undefined ? (from === to ? 0 : NO_MAP_SECONDS) : map.travelSeconds(from, to);
    const distinct = [...new Set(places)];
    const index = new Map(distinct.map((place, at) => [place, at]));
    const rows: Float64Array[] = [];
    for (const from of distinct) {
      rows.push(Float64Array.from(distinct, (to) => seconds(from, to)));
      await nextTurn();
    }
    return (from, to) => {
      const [row, column] = [index.get(from), index.get(to)];
      return row === undefined || column === undefined ? seconds(from, to) : rows[row]![column]!;
    };
  }
}
