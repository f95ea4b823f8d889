import { Controller, Get } from '@nestjs/common';
import { RecognitionHealth } from '@teleop/contracts';
import { Clock, Documented } from '@teleop/service-kit';
import { backendTime } from '../api/backend-time';
import { FfmpegProgram } from '../cameras/ffmpeg';
import { EngineHost } from '../engine-host/engine-host';
import { SessionReader } from '../sessions/session-reader';

const VERSION = '1.0.0';

@Controller()
export class HealthController {
  readonly #startedAt: number;

  constructor(
    private readonly engines: EngineHost,
    private readonly ffmpeg: FfmpegProgram,
    private readonly sessions: SessionReader,
    private readonly clock: Clock,
  ) {
    this.#startedAt = clock.monotonic();
  }

  @Get('api/v1/health')
  @Documented({
    summary: 'How the service is, and which model its vectors are of',
    answers: RecognitionHealth,
  })
  async health(): Promise<RecognitionHealth> {
    const { info, failed } = this.engines;
    const whole = info !== undefined && this.ffmpeg.isThere;
    return {
      service: 'recognition-service',
      version: VERSION,
      status: whole ? 'healthy' : info === undefined && !failed ? 'starting' : 'degraded',
      uptime: Math.floor((this.clock.monotonic() - this.#startedAt) / 1_000),
      activeSessions: await this.sessions.countLive(),
      timestamp: backendTime(new Date(this.clock.now())),
      backend: info?.backend ?? null,
      model: info?.model ?? null,
      detector: info?.detector ?? null,
    };
  }
}
