import type { Drops } from '../faults/faults';
import type { HttpClient } from './http-client';

/** A post's outcome: the status, or `undefined` when nobody answered. */
export type PostResult = number | undefined;

export const taken = (result: PostResult): boolean => result !== undefined && result >= 200 && result < 300;

/** Sends posts, and loses the share of them that it is told to lose. Never rejects: a robot lives with a bad link. */
export class PostOffice {
  constructor(
    private readonly http: HttpClient,
    private readonly drops: () => Drops,
    private readonly random: () => number,
  ) {}

  async post(path: string, body: object, now: number): Promise<PostResult> {
    const { posts, responses } = this.drops();
    if (posts > 0 && this.random() < posts) return undefined;
    const result = await this.http.post(path, body, now).catch(() => undefined);
    return responses > 0 && this.random() < responses ? undefined : result;
  }
}
