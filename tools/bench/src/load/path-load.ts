import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { buildingMap, tripsOn, type BenchMap } from '../data/maps';
import { serve } from '../workers/serve';
import { timedTrips, type PathRound } from './timed-trips';

interface Planner {
  plan(request: { from: string; to: string }): { readonly etaSeconds: number } | undefined;
}
type PlannerClass = new (mapVersionId: string, map: BenchMap) => Planner;

/** robot-gateway's planner as it was built, called as the service calls it: by names, with the path in the answer. */
function plannerOf(map: BenchMap): Planner {
  const built = path.join(workspaceRoot(), 'apps/robot-gateway/dist/map/domain/active-map.js');
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ActiveMap } = require(built) as { ActiveMap: PlannerClass };
  return new ActiveMap('bench', map);
}

let planner: Planner | undefined;
serve({
  run: ({ side, trips }: PathRound) => {
    const map = buildingMap(side);
    const ready = (planner ??= plannerOf(map));
    return timedTrips(tripsOn(map, trips), (trip) => ready.plan(trip)?.etaSeconds);
  },
});
