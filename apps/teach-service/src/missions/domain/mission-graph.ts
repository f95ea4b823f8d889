import type { MissionStatus } from '@teleop/contracts';
import { DemandSum, missionReferredTo } from './demands';
import type { MissionStep } from './steps';

export interface Stepped {
  readonly steps: readonly MissionStep[];
}

export interface ReferencedMission extends Stepped {
  readonly missionId: string;
  readonly name: string;
  readonly status: MissionStatus;
}

export type Referenced = ReadonlyMap<string, ReferencedMission>;

/** What a mission comes to with everything it refers to. */
export interface MissionSum {
  readonly demands: DemandSum;
  /** Steps when all references are written out. */
  readonly stepCount: number;
  /** Of their payloads as JSON: all steps travel in one message when the mission is run. */
  readonly bytes: number;
}

/** The missions that these steps refer to themselves, each once. */
export function referencesOf(steps: readonly MissionStep[]): string[] {
  return [...new Set(steps.flatMap((step) => missionReferredTo(step) ?? []))];
}

/**
 * What each mission comes to, by its id. Those of which some reference leads into a circle are missing: writing them out
 * would never end. A reference to a mission that is not among `missions` counts as nothing. Linear in steps and references.
 */
export function sumMissions(missions: ReadonlyMap<string, Stepped>): ReadonlyMap<string, MissionSum> {
  const waitsFor = new Map<string, number>();
  const waiting = new Map<string, string[]>();
  const ready: string[] = [];
  for (const [missionId, { steps }] of missions) {
    const references = referencesOf(steps).filter((referred) => missions.has(referred));
    waitsFor.set(missionId, references.length);
    for (const referred of references) {
      const list = waiting.get(referred);
      if (list === undefined) waiting.set(referred, [missionId]);
      else list.push(missionId);
    }
    if (references.length === 0) ready.push(missionId);
  }
  const sums = new Map<string, MissionSum>();
  for (let missionId = ready.pop(); missionId !== undefined; missionId = ready.pop()) {
    sums.set(missionId, sumOf(missions.get(missionId)?.steps ?? [], sums));
    for (const referrer of waiting.get(missionId) ?? []) {
      const left = (waitsFor.get(referrer) ?? 0) - 1;
      waitsFor.set(referrer, left);
      if (left === 0) ready.push(referrer);
    }
  }
  return sums;
}

function sumOf(steps: readonly MissionStep[], sums: ReadonlyMap<string, MissionSum>): MissionSum {
  const demands = new DemandSum();
  let stepCount = 0;
  let bytes = 0;
  for (const step of steps) {
    if (step.type !== 'missionRef') {
      demands.add(step);
      stepCount += 1;
      bytes += Buffer.byteLength(JSON.stringify(step.payload));
      continue;
    }
    const sum = sums.get(missionReferredTo(step) ?? '');
    if (sum === undefined) continue;
    demands.addAll(sum.demands);
    stepCount += sum.stepCount;
    bytes += sum.bytes;
  }
  return { demands, stepCount, bytes };
}
