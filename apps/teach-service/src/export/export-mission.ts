import { Injectable } from '@nestjs/common';
import { Clock, InjectConfig } from '@teleop/service-kit';
import { CheckMission } from '../missions/check-mission';
import { EditMissions } from '../missions/edit-missions';
import { legsOf } from '../plans/domain/legs';
import { legKey, Paths, type Leg } from '../plans/paths';
import { Whereabouts } from '../plans/whereabouts';
import { writtenOut } from '../plans/written-out';
import { faultyMission } from '../problems';
import { vda5050Order, type Vda5050Order } from './domain/vda5050-order';
import type { ExportSettings } from './export-settings';

/** Whose serial number an order carries that is meant for no robot in particular. */
const ANY_ROBOT = 'any';

/** A mission as a VDA 5050 order, also a draft that nothing is wrong with. */
@Injectable()
export class ExportMission {
  constructor(
    private readonly missions: EditMissions,
    private readonly check: CheckMission,
    private readonly whereabouts: Whereabouts,
    private readonly paths: Paths,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: ExportSettings,
  ) {}

  /** Throws 404, 422 with what is wrong with the mission, and an operational error when robot-gateway does not answer. */
  async vda5050(missionId: string, named: string | undefined): Promise<Vda5050Order> {
    const row = await this.missions.read(missionId);
    const checked = await this.check.run(row, named);
    // It can be written down before the missions it refers to are published.
    const faults = checked.faults.filter(({ code }) => code !== 'mission_ref_not_published');
    const steps = writtenOut(row, checked);
    if (faults.length > 0 || steps === undefined) throw faultyMission(faults);
    const robotId = checked.robot?.robotId;
    const legs = legsOf(steps, robotId && (await this.whereabouts.of(robotId)));
    const asked = legs.flatMap(({ from, to }): Leg[] =>
      from === undefined || to === undefined ? [] : [[from, to]],
    );
    const plans = await this.paths.plan(asked, robotId);
    return vda5050Order(
      {
        timestamp: new Date(this.clock.now()).toISOString(),
        manufacturer: this.config.VDA5050_MANUFACTURER,
        serialNumber: robotId ?? ANY_ROBOT,
        orderId: `${row.mission_id}-${row.version}`,
        mapId: this.config.VDA5050_MAP_ID,
      },
      legs,
      (from, to) => {
        const plan = plans.get(legKey(from, to));
        return typeof plan === 'object' ? plan : undefined;
      },
    );
  }
}
