import { Describe } from '@teleop/contracts';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

export const DEFAULT_LIMIT = 50;

/** What every list takes. */
export class PageQuery {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  @Describe(`How many; ${DEFAULT_LIMIT} by default`)
  limit?: number;

  @IsOptional()
  @IsString()
  @Matches(/^\d{1,18}$/, { message: 'cursor must be the nextCursor of another answer' })
  @Describe('nextCursor of the page before')
  cursor?: string;
}

/** A page of rows that were read with one more than asked for. */
export function pageOf<R, V>(
  rows: readonly R[],
  limit: number,
  cursorOf: (row: R) => string,
  viewOf: (row: R) => V,
): { items: V[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(viewOf),
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
