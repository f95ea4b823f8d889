import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { probeSession, type LockAnswer } from '@teleop/contracts';
import { Requests } from '@teleop/messaging';
import { Logger, LOGGER, Metrics } from '@teleop/service-kit';
import { WebSocket } from 'ws';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import type { ControlUrl } from './control-urls';

const MAX_ANSWER_BYTES = 4_096;

/**
 * Asks the robot whether it would take the driver, as the source does before a session. The answer changes nothing for
 * the user (busy is told to nobody), so it is not waited for; it is counted and logged.
 */
@Injectable()
export class ProbeRobot {
  readonly #answers;

  constructor(
    private readonly requests: Requests,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.#answers = metrics.counter('robot_probe_answers_total', 'Answers to lock_request probes', [
      'answer',
    ]);
  }

  /** Starts the probe and returns at once. */
  begin(robotId: string, control: ControlUrl, controlToken: string): void {
    const answer = control.relay
      ? this.askRelay(robotId, controlToken)
      : askRobotServer(control.url, controlToken, this.config.PROBE_TIMEOUT_MS);
    answer.then(
      (text) => this.#answers.inc({ answer: text }),
      (error: unknown) => {
        this.#answers.inc({ answer: 'failed' });
        this.log.info({ err: error, robotId }, 'the robot did not answer the probe');
      },
    );
  }

  private async askRelay(robotId: string, controlToken: string): Promise<LockAnswer> {
    const tokenHash = createHash('sha256').update(controlToken).digest('hex');
    const options = { timeoutMs: this.config.PROBE_TIMEOUT_MS };
    return (await this.requests.ask(probeSession, { robotId, tokenHash }, options)).answer;
  }
}

/** One `lock_request` over a WebSocket of its own. */
function askRobotServer(url: string, token: string, timeoutMs: number): Promise<LockAnswer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: timeoutMs, maxPayload: MAX_ANSWER_BYTES });
    const timer = setTimeout(() => finish(() => reject(new Error('no answer in time'))), timeoutMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.terminate();
      settle();
    };
    socket.on('open', () => socket.send(JSON.stringify({ type: 'lock_request', token })));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.includes('"lock_granted"')) finish(() => resolve('lock_granted'));
      else if (text.includes('"busy"')) finish(() => resolve('busy'));
    });
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('close', () => finish(() => reject(new Error('closed without an answer'))));
  });
}
