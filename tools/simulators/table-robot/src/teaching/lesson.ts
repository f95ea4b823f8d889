/** What an operator does with a robot that he teaches. */
export type LessonStep =
  /** Leads it over the map to a node. */
  | { readonly lead: string }
  /** Wants a step in the mission; without a destination, `moveToPoint` means where it is. */
  | { readonly wish: TeachIntent };

export interface TeachIntent {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly requiredTimeSeconds?: number;
}

const moveHere: LessonStep = { wish: { type: 'moveToPoint' } };
const grip = (target: 'open' | 'close'): LessonStep => ({
  wish: { type: 'grip', payload: { target }, requiredTimeSeconds: 1 },
});

/** Fetches something at one node and brings it to another. */
export function fetchAndBring(from: string, to: string): LessonStep[] {
  return [{ lead: from }, moveHere, grip('close'), { lead: to }, moveHere, grip('open')];
}
