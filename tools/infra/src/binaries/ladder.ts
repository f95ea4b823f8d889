import { InfraError, messageOf } from '../errors';
import type { Binary, Requirement } from './binary';

/** One way to get hold of a server. Throws with the reason when it does not lead anywhere. */
export interface Rung {
  name: string;
  climb(): Promise<Binary>;
}

/** A rung that is simply not there on this machine: worth a line in the final message only. */
export class NothingThere extends Error {}

/** The first rung that holds. When none does, the message lists what was tried and what to install. */
export async function climb(
  requirement: Requirement,
  urlVariable: string,
  rungs: readonly Rung[],
  onProgress: (line: string) => void,
): Promise<Binary> {
  const reasons: string[] = [];
  for (const rung of rungs) {
    try {
      return await rung.climb();
    } catch (error) {
      reasons.push(`  - ${rung.name}: ${messageOf(error)}`);
      if (!(error instanceof NothingThere)) {
        onProgress(`${requirement.label}: not from ${rung.name} (${messageOf(error).split('\n')[0]})`);
      }
    }
  }
  throw new InfraError(
    [
      `${requirement.label} is needed and could not be had:`,
      ...reasons,
      `${requirement.howToInstall} ${requirement.orElse ?? `Or set ${urlVariable} to a server that runs already.`}`,
    ].join('\n'),
  );
}
