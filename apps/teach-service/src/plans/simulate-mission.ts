import { Injectable } from '@nestjs/common';
import type { SimulationView } from '@teleop/contracts';
import { CheckMission } from '../missions/check-mission';
import { EditMissions } from '../missions/edit-missions';
import { legsOf } from './domain/legs';
import { simulate, type Way } from './domain/simulate';
import { legKey, Paths, type Leg, type PathAnswer } from './paths';
import { Whereabouts } from './whereabouts';
import { writtenOut } from './written-out';

/** A dry run: how a mission would go now, draft or not, and what is in its way. Nothing is stored or sent to a robot. */
@Injectable()
export class SimulateMission {
  constructor(
    private readonly missions: EditMissions,
    private readonly check: CheckMission,
    private readonly whereabouts: Whereabouts,
    private readonly paths: Paths,
  ) {}

  /** Throws 404, and an operational error when robot-gateway does not answer. */
  async run(missionId: string, named: string | null | undefined): Promise<SimulationView> {
    const row = await this.missions.read(missionId);
    const checked = await this.check.run(row, named);
    const { faults, robot } = checked;
    const start = robot && (await this.whereabouts.of(robot.robotId));
    const legs = legsOf(writtenOut(row, checked) ?? [], start);
    const asked = legs.flatMap(({ from, to }): Leg[] =>
      from === undefined || to === undefined ? [] : [[from, to]],
    );
    const plans = await this.paths.plan(asked, robot?.robotId);
    const steps = simulate(legs, (from, to) => wayOf(plans.get(legKey(from, to))));
    return {
      missionId: row.mission_id,
      robotId: robot?.robotId ?? null,
      ok: faults.length === 0 && steps.every(({ conflicts }) => conflicts.length === 0),
      totalSeconds: steps.at(-1)?.etaSeconds ?? 0,
      steps,
      faults: [...faults],
    };
  }
}

/** A robot that is gone since a moment ago has no way either. */
function wayOf(answer: PathAnswer | undefined): Way {
  if (answer === undefined || answer === 'robot_unknown') return 'no_path';
  return answer;
}
