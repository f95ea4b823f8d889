import { problem } from '../problems';
import type { MissionRow } from './mission-record';

/** Strong: equal text, equal mission. */
export function etagOf({ revision }: Pick<MissionRow, 'revision'>): string {
  return `"${revision}"`;
}

/** RFC 9110, 13.1.1: absent or `*`, any revision will do; a weak tag is never equal. Throws 412. */
export function mustMatch(ifMatch: string | undefined, row: Pick<MissionRow, 'revision'>): void {
  if (ifMatch === undefined) return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes('*') && !tags.includes(etagOf(row))) throw problem('mission_changed');
}
