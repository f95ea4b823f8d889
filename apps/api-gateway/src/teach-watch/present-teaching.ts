import { isOperational, teachPresent, type TeachPresent } from '@teleop/contracts';
import type { Requests } from '@teleop/messaging';
import type { TeachNews } from './teach-news';

/** One thing that goes on, under the name of the news that would tell of it. */
export interface Present {
  readonly event: string;
  readonly news: TeachNews;
}

/** What a piece of news is about: later news of the same replace it. Undefined: nothing that lasts. */
export function subjectOf(event: string, news: object): string | undefined {
  const { teachSessionId, executionId } = news as { teachSessionId?: string; executionId?: string };
  const id = executionId ?? teachSessionId;
  return id === undefined || event === 'teach.sample.received' ? undefined : `${event} ${id}`;
}

function listOf({ sessions, locks, executions }: TeachPresent): Present[] {
  return [
    ...sessions.map((news) => ({ event: 'teach.session.updated', news })),
    ...locks.map((news) => ({ event: 'teach.lock.updated', news })),
    ...executions.map((news) => ({ event: 'teach.execution.updated', news })),
  ];
}

/**
 * What goes on now, for those who join late or were away. News that are heard while it is asked for are newer than the
 * answer, or have newer ones behind them: what they are about is left out of it, so nobody is told of the past last.
 */
export class PresentTeaching {
  readonly #asking = new Set<Set<string>>();

  constructor(private readonly requests: Requests) {}

  heard(event: string, news: object): void {
    const subject = this.#asking.size > 0 ? subjectOf(event, news) : undefined;
    if (subject === undefined) return;
    for (const heard of this.#asking) heard.add(subject);
  }

  /** Undefined: teach-service is away. */
  async read(robotId: string | undefined): Promise<Present[] | undefined> {
    const heard = new Set<string>();
    this.#asking.add(heard);
    try {
      const present = listOf(await this.requests.ask(teachPresent, robotId === undefined ? {} : { robotId }));
      return present.filter(({ event, news }) => !heard.has(subjectOf(event, news) ?? ''));
    } catch (error) {
      if (isOperational(error)) return undefined;
      throw error;
    } finally {
      this.#asking.delete(heard);
    }
  }
}
