import fc from 'fast-check';
import {
  endHere,
  EXECUTION_TRANSITIONS,
  follow,
  isOver,
  type ExecutionState,
  type TaskNews,
} from './execution-machine';

const QUEUED: ExecutionState = {
  status: 'QUEUED',
  robotId: null,
  paused: false,
  reason: null,
  currentStep: 0,
  errorCode: null,
  errorMessage: null,
  taskVersion: 0,
};

/** A task as robot-gateway may have it go, from its first announcement to its end. */
const story = fc
  .record({
    ups: fc.array(fc.constantFrom('step', 'pause', 'resume', 'wait'), { maxLength: 12 }),
    end: fc.constantFrom('DONE' as const, 'FAILED' as const, 'CANCELED' as const),
    runs: fc.boolean(),
  })
  .map(({ ups, end, runs }) => {
    const news: TaskNews[] = [{ status: 'QUEUED', currentStep: 0, version: 1 }];
    const tell = (change: Partial<TaskNews>) =>
      news.push({ ...(news.at(-1) as TaskNews), ...change, version: news.length + 1 });
    if (runs) {
      tell({ status: 'RUNNING', robotId: 'r' });
      for (const up of ups) {
        const { status, currentStep } = news.at(-1) as TaskNews;
        if (up === 'step' && status === 'RUNNING') tell({ currentStep: currentStep + 1, reason: null });
        if (up === 'wait' && status === 'RUNNING') tell({ reason: 'traffic' });
        if (up === 'pause') tell({ status: 'PAUSED', reason: 'requested' });
        if (up === 'resume') tell({ status: 'RUNNING', reason: null });
      }
      if ((news.at(-1) as TaskNews).status === 'PAUSED') tell({ status: 'RUNNING' });
    }
    const ends = runs || end !== 'DONE' ? end : 'CANCELED';
    tell({ status: ends, ...(ends === 'FAILED' && { errorCode: 'step_failed', errorMessage: 'm' }) });
    return news;
  });

/** The story as it arrives: anything twice, late, early or never; the last of it comes some time. */
const delivery = story.chain((news) =>
  fc
    .tuple(
      fc.constant(news),
      fc.array(fc.nat({ max: news.length - 1 }), { maxLength: 3 * news.length }),
      fc.option(fc.nat({ max: 3 * news.length })),
    )
    .map(([told, order, canceledAt]) => ({
      told,
      heard: [...order.map((index) => told[index] as TaskNews), told.at(-1) as TaskNews],
      canceledAt,
    })),
);

describe('an execution', () => {
  it('only ever goes forward, whatever is heard in whatever order, and ends as its task did', () => {
    fc.assert(
      fc.property(delivery, ({ told, heard }) => {
        let state = QUEUED;
        for (const news of heard) {
          const next = follow(state, news);
          if (next === undefined) continue;
          expect([state.status, ...EXECUTION_TRANSITIONS[state.status]]).toContain(next.status);
          expect(next.taskVersion).toBeGreaterThan(state.taskVersion);
          expect(next.currentStep).toBeGreaterThanOrEqual(state.currentStep);
          expect(next.errorCode !== null).toBe(next.status === 'FAILED');
          if (next.paused) expect(next.status).toBe('RUNNING');
          state = next;
        }
        expect(isOver(state.status)).toBe(true);
        expect(state.status).toBe(told.at(-1)?.status);
      }),
    );
  });

  it('is the same after news heard twice as after news heard once', () => {
    fc.assert(
      fc.property(delivery, ({ heard }) => {
        const once = heard.reduce((state, news) => follow(state, news) ?? state, QUEUED);
        const twice = heard
          .flatMap((news) => [news, news])
          .reduce((state, news) => follow(state, news) ?? state, QUEUED);
        expect(twice).toEqual(once);
      }),
    );
  });

  it('that ended here stays so, whatever is heard of its task', () => {
    fc.assert(
      fc.property(delivery, fc.boolean(), ({ heard, canceledAt }, fails) => {
        let state = QUEUED;
        let ended: ExecutionState | undefined;
        for (const [index, news] of heard.entries()) {
          if (index === canceledAt) {
            const end = fails
              ? ({ status: 'FAILED', errorCode: 'c', errorMessage: 'm' } as const)
              : ({ status: 'CANCELED' } as const);
            const next = endHere(state, end);
            expect(next === undefined).toBe(isOver(state.status));
            if (next !== undefined) ended = state = next;
          }
          state = follow(state, news) ?? state;
        }
        if (ended !== undefined) expect(state).toEqual(ended);
      }),
    );
  });
});
