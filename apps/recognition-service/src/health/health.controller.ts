import { Controller, Get } from '@nestjs/common';
import { RecognitionHealth } from '@teleop/contracts';
import { Clock, Documented } from '@teleop/service-kit';
import { backendTime } from '../api/backend-time';
import { EngineHost } from '../engine-host/engine-host';

const VERSION = '1.0.0';

@Controller()
export class HealthController {
  readonly #startedAt: number;

  constructor(
    private readonly engines: EngineHost,
    private readonly clock: Clock,
  ) {
    this.#startedAt = clock.monotonic();
  }

  @Get(['api/v1/health', 'health'])
  @Documented({
    summary: 'How the service is, and which model its vectors are of',
    answers: RecognitionHealth,
  })
  health(): RecognitionHealth {
    const { info, failed } = this.engines;
    return {
      service: 'recognition-service',
      version: VERSION,
      status: info !== undefined ? 'healthy' : failed ? 'degraded' : 'starting',
      uptime: Math.floor((this.clock.monotonic() - this.#startedAt) / 1_000),
      activeSessions: 0,
      timestamp: backendTime(new Date(this.clock.now())),
      backend: info?.backend ?? null,
      model: info?.model ?? null,
      detector: info?.detector ?? null,
    };
  }
}
