import type { Frame, MultiViews } from '../frames/frame';
import type { Attempt } from './attempt';
import { SIDES, type Counts, type Moved, type PartialCounts, type Side } from './counts';
import { evaluateCompare } from './evaluate-compare';
import type { Reader } from './reading';
import { voteCamera, type Agreement } from './vote';

type Stage = Omit<Attempt, 'elapsedMs' | 'usage'>;

/** The frame at `index`, or the side's last: a camera that sent one frame is looked at again, by the stronger model. */
function frameAt(frames: readonly Frame[], index: number): Frame {
  return frames[Math.min(index, frames.length - 1)]!;
}

/** Attempts 1 and 2: all cameras at the same time, START and END of one frame each. */
export async function pairwise(
  strategy: 'pairwise_first_frame' | 'pairwise_second_frame',
  views: MultiViews,
  index: number,
  reader: Reader,
): Promise<Stage> {
  const read = await Promise.all(
    [...views].map(async ([camera, { start, end }]) => {
      return { camera, ...(await reader.pair(frameAt(start, index), frameAt(end, index))) };
    }),
  );
  const counts: Record<string, PartialCounts> = {};
  const moved: Record<string, Moved> = {};
  for (const reading of read) {
    counts[reading.camera] = reading.counts;
    if (reading.moved !== undefined) moved[reading.camera] = reading.moved;
  }
  return {
    strategy,
    model: reader.model,
    views: counts,
    moved,
    verdict: evaluateCompare([...views.keys()], counts),
    errors: read.flatMap(({ camera, errors }) => errors.map((error) => `${camera}: ${error}`)),
    unavailable: read.filter(({ unavailable }) => unavailable).map(({ camera }) => camera),
  };
}

interface SideReadings {
  readonly counts: readonly (Counts | undefined)[];
  readonly errors: readonly string[];
  readonly unavailable: boolean;
}

/** What attempts 1 and 2 read of one side, in that order. */
interface Look {
  readonly counts: Counts | undefined;
  /** The model could not be reached for this camera. */
  readonly away: boolean;
}

/**
 * One side of one camera for the vote: what attempts 1 and 2 read of it is reused, the frames after those are read one
 * by one, and so are the first two where an attempt failed to read them. A single frame is not: each model has looked at
 * it, and the word of one of them twice is no majority.
 */
async function readSide(
  frames: readonly Frame[],
  looks: readonly Look[],
  reader: Reader,
): Promise<SideReadings> {
  if (frames.length === 1) {
    return {
      counts: looks.map(({ counts }) => counts),
      errors: [],
      unavailable: looks.some(({ counts, away }) => counts === undefined && away),
    };
  }
  const read = await Promise.all(
    frames.map(async (frame, index) => {
      const known = looks[index]?.counts;
      return known === undefined ? reader.single(frame) : { value: known };
    }),
  );
  return {
    counts: read.map((reading) => ('value' in reading ? reading.value : undefined)),
    errors: read.flatMap((reading) => ('error' in reading ? [reading.error] : [])),
    unavailable: read.some((reading) => 'error' in reading && reading.unavailable),
  };
}

/** Attempt 3, the source's `build_voted_views_across_five`. */
export async function multiFrameVote(
  views: MultiViews,
  earlier: readonly Pick<Attempt, 'views' | 'unavailable'>[],
  reader: Reader,
): Promise<Stage> {
  const read = await Promise.all(
    [...views].map(async ([camera, frames]) => {
      const of = (side: Side) =>
        readSide(
          frames[side],
          earlier.map((attempt) => ({
            counts: attempt.views[camera]?.[side],
            away: attempt.unavailable.includes(camera),
          })),
          reader,
        );
      const [start, end] = await Promise.all(SIDES.map(of));
      return { camera, start: start!, end: end! };
    }),
  );
  const counts: Record<string, PartialCounts> = {};
  const agreement: Record<string, Agreement> = {};
  for (const { camera, start, end } of read) {
    const vote = voteCamera({ start: start.counts, end: end.counts });
    counts[camera] = vote.counts;
    agreement[camera] = vote.agreement;
  }
  const errors = read.flatMap(({ camera, start, end }) =>
    [...start.errors, ...end.errors].map((error) => `${camera}: ${error}`),
  );
  return {
    strategy: 'multi_frame_vote',
    model: reader.model,
    views: counts,
    moved: {},
    verdict: evaluateCompare([...views.keys()], counts, 'NO_MAJORITY'),
    agreement,
    errors,
    unavailable: read
      .filter(({ start, end }) => start.unavailable || end.unavailable)
      .map(({ camera }) => camera),
  };
}
