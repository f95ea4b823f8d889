import { countDolls, type Counts } from '../look/count';
import type { Knobs } from './knobs';
import { BadQuestion, type Question } from './question';

/** Wrong by one, somewhere. */
function slipped(counts: Counts, random: () => number): Counts {
  const hand = random() < 0.5 ? 'left' : 'right';
  const step = random() < 0.5 && counts[hand] > 0 ? -1 : 1;
  return { ...counts, [hand]: counts[hand] + step };
}

async function look(picture: Buffer): Promise<Counts> {
  try {
    return await countDolls(picture);
  } catch (error) {
    throw new BadQuestion(`a picture could not be decoded: ${(error as Error).message}`, 'input');
  }
}

/** What a model that really looks would say: counts of one picture, or of a pair with what moved between them. */
export async function answerOf(
  { pictures, wanted }: Question,
  knobs: Pick<Knobs, 'errorRate'>,
  random: () => number,
): Promise<object> {
  const seen: Counts[] = [];
  for (const picture of pictures) seen.push(await look(picture));
  const erring = random() < knobs.errorRate ? Math.floor(random() * seen.length) : -1;
  const counts = seen.map((count, index) => (index === erring ? slipped(count, random) : count));
  const [start, end] = counts;
  if (wanted.includes('start')) {
    if (start === undefined || end === undefined) throw new BadQuestion('a pair needs two pictures', 'input');
    const change = end.right - start.right;
    return { start, end, moved: { l_to_r: Math.max(0, change), r_to_l: Math.max(0, -change) } };
  }
  if (start === undefined) throw new BadQuestion('there is no picture', 'input');
  return start;
}
