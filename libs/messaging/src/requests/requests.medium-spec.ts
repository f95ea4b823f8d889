import { setTimeout as sleep } from 'node:timers/promises';
import { defineRequest } from '@teleop/contracts';
import { testNats, waitFor, type OwnServer } from '@teleop/testing';
import { IsInt, IsString, MaxLength } from 'class-validator';
import { NatsConnection } from '../connection/nats-connection';
import {
  isRefusal,
  refuse,
  RequestFailed,
  RequestRefused,
  RequestTimedOut,
  ServiceUnavailable,
} from '../errors';
import { NO_OBSERVER, NO_TRACE, type TraceCarrier } from '../ports';
import { AnswerRunner, type AnswerHandler } from './answer-runner';
import { Requests } from './requests';

class Ask {
  @IsString()
  @MaxLength(5)
  robotId!: string;
}

class Reply {
  @IsInt()
  version!: number;
}

const request = defineRequest({
  name: 'test.version',
  owner: 'queue-service',
  subject: 'teleop.rpc.test.version.v1',
  ask: Ask,
  reply: Reply,
  errors: ['ROBOT_NOT_FOUND', 'BUSY'],
  timeoutMs: 400,
  description: 'For tests.',
});

jest.setTimeout(20_000);

describe('request and reply', () => {
  let server: OwnServer;
  const closing: (() => Promise<unknown>)[] = [];
  const logged: { fields: object; message: string }[] = [];
  const outcomes: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => void logged.push({ fields, message }),
  };

  beforeAll(async () => {
    server = await testNats();
  });
  afterAll(() => server.dispose());
  afterEach(async () => {
    for (const step of closing.splice(0).reverse()) await step();
    logged.length = 0;
    outcomes.length = 0;
  });

  async function connection(): Promise<NatsConnection> {
    const nats = new NatsConnection({ natsUrl: server.url, name: 'test', reconnectWaitMs: 50 }, log);
    await nats.connect();
    closing.push(() => nats.drain());
    return nats;
  }

  async function answering(handle: AnswerHandler, trace: TraceCarrier = NO_TRACE): Promise<AnswerRunner> {
    const nats = await connection();
    const observer = {
      ...NO_OBSERVER,
      answered: (name: string, outcome: string) => void outcomes.push(`${name} ${outcome}`),
    };
    const runner = new AnswerRunner(request, handle, {
      service: 'queue-service',
      nats,
      trace,
      log,
      observer,
    });
    runner.start();
    await nats.nc.flush();
    closing.push(() => runner.stop());
    return runner;
  }

  async function asking(trace: TraceCarrier = NO_TRACE) {
    const nats = await connection();
    const requests = new Requests(nats, trace);
    const ask = (robotId = 'arm1', options?: { timeoutMs?: number }) =>
      requests.ask(request, { robotId }, options);
    return {
      nats,
      requests,
      ask,
      failure: (robotId?: string) => ask(robotId).catch((error: unknown) => error),
    };
  }

  it('gives the answer, without fields that are not declared', async () => {
    await answering(async (ask) => ({ version: (ask as Ask).robotId.length, secret: 'x' }));
    const { ask } = await asking();
    expect(await ask('arm1')).toEqual({ version: 4 });
    expect(outcomes).toEqual(['test.version ok']);
  });

  it('gives a declared refusal with its code and detail', async () => {
    await answering(async () => {
      throw refuse(request, 'ROBOT_NOT_FOUND', 'no arm9');
    });
    const { failure } = await asking();
    const error = await failure('arm9');
    expect(error).toBeInstanceOf(RequestRefused);
    expect(error).toMatchObject({ code: 'ROBOT_NOT_FOUND', detail: 'no arm9' });
    expect(isRefusal(error, request)).toBe(true);
    expect(isRefusal(error, { ...request, errors: [] })).toBe(false);
    expect(outcomes).toEqual(['test.version refused']);
    expect(logged).toEqual([]);
  });

  it('makes an undeclared refusal, and any other failure, a bug of the owner: logged there, nothing of it told', async () => {
    const failures = [new RequestRefused('SECRET_CODE', 'inner words'), new TypeError('inner words')];
    await answering(async () => {
      throw failures.shift() ?? new Error('no more');
    });
    const { failure } = await asking();
    for (let n = 0; n < 2; n += 1) {
      const error = await failure();
      expect(error).toBeInstanceOf(RequestFailed);
      expect((error as Error).message).toBe('test.version: internal error');
    }
    expect(logged.map(({ message }) => message)).toEqual(['request failed', 'request failed']);
    expect(outcomes).toEqual(['test.version failed', 'test.version failed']);
  });

  it('refuses a question that does not hold its contract, without asking the handler', async () => {
    const handler = jest.fn(async () => ({ version: 1 }));
    await answering(handler);
    const { failure } = await asking();
    const error = await failure('toolong');
    expect(error).toBeInstanceOf(RequestFailed);
    expect((error as Error).message).toContain('robotId');
    expect(handler).not.toHaveBeenCalled();
  });

  it('is RequestTimedOut at the deadline of the request, or of the caller', async () => {
    await answering(async () => {
      await sleep(3_000);
      return { version: 1 };
    });
    const { ask } = await asking();
    for (const timeoutMs of [undefined, 2_000]) {
      const started = performance.now();
      await expect(ask('arm1', { timeoutMs })).rejects.toThrow(RequestTimedOut);
      const took = performance.now() - started;
      expect(took).toBeGreaterThan((timeoutMs ?? 400) - 20);
      expect(took).toBeLessThan((timeoutMs ?? 400) + 1_500);
    }
  });

  it('is ServiceUnavailable at once when nobody answers such requests', async () => {
    const { ask } = await asking();
    const started = performance.now();
    const error: unknown = await ask('arm1', { timeoutMs: 5_000 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceUnavailable);
    expect(error).not.toBeInstanceOf(RequestTimedOut);
    expect(error).toMatchObject({ service: 'queue-service', operational: true });
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  it.each([
    ['not JSON', 'gibberish'],
    ['null', 'null'],
    ['a number', '5'],
    ['an array', '[]'],
    ['neither answer nor refusal', '{"version":1}'],
    ['an answer of another shape', '{"ok":{"version":"one"}}'],
    ['a refusal without a code', '{"refused":{"detail":"x"}}'],
    ['a refusal that is not declared', '{"refused":{"code":"OTHER","detail":"x"}}'],
    ['an empty message', ''],
  ])('is RequestFailed when the reply is %s', async (_, body) => {
    const stranger = await connection();
    stranger.nc.subscribe(request.subject, { callback: (_error, message) => void message.respond(body) });
    await stranger.nc.flush();
    const { failure } = await asking();
    const error = await failure();
    expect(error).toBeInstanceOf(RequestFailed);
    expect((error as Error).message).toContain('test.version');
  });

  it('answers that it failed when the answer is more than NATS takes', async () => {
    await answering(async () => ({ version: 1, padding: 'x'.repeat(1_100_000) }));
    const { failure } = await asking();
    expect(await failure()).toBeInstanceOf(RequestFailed);
    expect(logged.map(({ message }) => message)).toEqual(['the answer could not be sent']);
  });

  it('shares the questions among replicas: each is answered once', async () => {
    const by = [0, 0];
    for (const index of [0, 1]) {
      await answering(async () => ({ version: (by[index] = (by[index] ?? 0) + 1) }));
    }
    const { ask } = await asking();
    await Promise.all(Array.from({ length: 40 }, () => ask()));
    expect((by[0] ?? 0) + (by[1] ?? 0)).toBe(40);
    expect(Math.min(...by)).toBeGreaterThan(0);
  });

  it('carries the trace of the one who asks to the one who answers', async () => {
    const heard: (string | undefined)[] = [];
    await answering(async () => ({ version: 1 }), {
      current: () => undefined,
      run: (parent, work) => {
        heard.push(parent);
        return work();
      },
    });
    const { ask } = await asking({ ...NO_TRACE, current: () => '00-aa-bb-01' });
    await ask();
    expect(heard).toEqual(['00-aa-bb-01']);
  });

  it('finishes the answers that are under way when it stops, and takes no more', async () => {
    let begun = 0;
    const runner = await answering(async () => {
      begun += 1;
      await sleep(150);
      return { version: 7 };
    });
    const { ask, failure } = await asking();
    const first = ask();
    await waitFor('it to begin', () => begun === 1, { everyMs: 2 });
    const stopped = runner.stop();
    expect(await first).toEqual({ version: 7 });
    await stopped;
    expect(await failure()).toBeInstanceOf(ServiceUnavailable);
  });

  it('is ServiceUnavailable at once while NATS is away, also for questions under way, and works when it is back', async () => {
    await answering(async (ask) => {
      if ((ask as Ask).robotId === 'slow') await sleep(5_000);
      return { version: 1 };
    });
    const { nats, requests, ask, failure } = await asking();
    const started = performance.now();
    const underWay = requests
      .ask(request, { robotId: 'slow' }, { timeoutMs: 4_000 })
      .catch((error: unknown) => error);
    await nats.nc.flush();
    server.kill9();
    expect(await underWay).toBeInstanceOf(ServiceUnavailable);
    const before = performance.now();
    const error = await failure();
    expect(error).toBeInstanceOf(ServiceUnavailable);
    expect(error).not.toBeInstanceOf(RequestTimedOut);
    expect(performance.now() - before).toBeLessThan(350);
    expect(performance.now() - started).toBeLessThan(2_000);
    await server.restart();
    expect(await waitFor('an answer', () => ask())).toEqual({ version: 1 });
  });
});
