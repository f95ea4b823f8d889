import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { InjectConfig, ProblemError, type UpgradeRequest } from '@teleop/service-kit';
import { WebSocket, type RawData } from 'ws';
import type { PairingConfig } from '../config';
import { resumeRefused } from './upgrade-credentials';

/** Bytes that may wait for one of the two before the other is not read for a while. */
const HIGH_WATER = 1024 * 1024;
const LOOK_AGAIN_MS = 20;
const NO_STATUS = 1005;
const ABNORMAL = 1006;
const PASSED_ON = 'x-pairing-passed-on';

/**
 * A side that comes back to another replica than the one where its session lives is passed on there, message by message: the
 * session's numbers, keys and what was missed never have to move.
 */
@Injectable()
export class PassOn {
  constructor(@InjectConfig() private readonly config: PairingConfig) {}

  /** Opens the same socket there; throws what that replica answers when it refuses. Nothing is read from it yet. */
  async open(replicaUrl: string, req: UpgradeRequest): Promise<WebSocket> {
    // Two replicas that each think that the other has it must not send it round for ever.
    if (req.headers[PASSED_ON] !== undefined)
      throw new ProblemError(503, 'SERVICE_UNAVAILABLE', 'The session is moving; try again');
    const target = new URL(req.raw.url ?? '/', replicaUrl.replace(/^http/, 'ws'));
    const there = new WebSocket(target, {
      perMessageDeflate: false,
      maxPayload: this.config.MAX_FRAME_BYTES,
      handshakeTimeout: this.config.REPLICA_ANSWER_MS,
      headers: { [PASSED_ON]: '1', 'x-forwarded-for': req.ip },
    });
    return new Promise((resolve, reject) => {
      there.once('open', () => {
        there.pause();
        resolve(there);
      });
      there.once('unexpected-response', (request, response: IncomingMessage) => {
        response.resume();
        request.destroy();
        const { statusCode = 502 } = response;
        reject(
          statusCode === 401
            ? resumeRefused()
            : new ProblemError(
                503,
                'SERVICE_UNAVAILABLE',
                'The replica of the session does not take it back',
              ),
        );
      });
      there.on('error', (error) =>
        reject(
          new ProblemError(503, 'SERVICE_UNAVAILABLE', 'The replica of the session is not there', {
            cause: error,
          }),
        ),
      );
    });
  }

  join(here: WebSocket, there: WebSocket): void {
    passMessages(here, there);
    passMessages(there, here);
    there.resume();
  }
}

function passMessages(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: RawData, binary: boolean) => {
    to.send(data as Buffer, { binary });
    if (to.bufferedAmount > HIGH_WATER) holdBack(from, to);
  });
  from.on('ping', (data: Buffer) => to.readyState === WebSocket.OPEN && to.ping(data));
  from.on('close', (code: number, reason: Buffer) => {
    if (code === NO_STATUS || code === ABNORMAL) to.terminate();
    else to.close(code, reason);
  });
}

function holdBack(from: WebSocket, to: WebSocket): void {
  if (from.isPaused) return;
  from.pause();
  const timer = setInterval(() => {
    if (to.readyState === WebSocket.OPEN && to.bufferedAmount > HIGH_WATER) return;
    clearInterval(timer);
    from.resume();
  }, LOOK_AGAIN_MS);
}
