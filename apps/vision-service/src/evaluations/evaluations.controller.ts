import type { IncomingMessage } from 'node:http';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { InternalOnly } from '@teleop/auth';
import { DollsCompareAnswer, DollsCompareBody, isUuid, VisionEvaluationAnswer } from '@teleop/contracts';
import { Documented, ProblemError } from '@teleop/service-kit';
import { FramesBody } from '../body/frames-body';
import { VISION_CONFIG, type VisionConfig } from '../config';
import type { MultiViews } from '../frames/frame';
import { readViews } from '../frames/read-views';
import { EvaluateViews } from './evaluate-views';
import { EvaluationStore } from './evaluation-store';

@Controller('vision')
export class EvaluationsController {
  constructor(
    private readonly evaluations: EvaluateViews,
    private readonly store: EvaluationStore,
    private readonly bodies: FramesBody,
    @Inject(VISION_CONFIG) private readonly config: VisionConfig,
  ) {}

  @Post('dolls_compare')
  @HttpCode(200)
  @InternalOnly()
  @Documented({
    summary: 'What moved on the tray between START and END; up to 40 MiB',
    description:
      'Judges the frames in up to three attempts. With a controlToken it is judged once: asked again, the stored answer comes back; queue-service settles it.',
    answers: DollsCompareAnswer,
    problems: {
      413: ['PAYLOAD_TOO_LARGE'],
      503: ['VISION_MODEL_UNAVAILABLE', 'VISION_NOT_CONFIGURED', 'VISION_BUSY'],
    },
  })
  async compare(
    @Req() request: { raw: IncomingMessage },
    @Body() body: DollsCompareBody,
  ): Promise<DollsCompareAnswer> {
    const { release, waitedMs } = this.bodies.claim(request.raw);
    try {
      const { robotId, controlToken, views } = body;
      return await this.evaluations.evaluate({
        robotId,
        controlToken: controlToken ?? undefined,
        waitedMs,
        readViews: () => this.viewsOf(views),
      });
    } finally {
      release();
    }
  }

  private async viewsOf(views: DollsCompareBody['views']): Promise<MultiViews> {
    const read = await readViews(views, this.config.VISION_MAX_CAMERAS);
    if (read.ok) return read.views;
    const [first] = read.faults;
    const more = read.faults.length > 1 ? ` (and ${read.faults.length - 1} more)` : '';
    throw new ProblemError(400, 'VALIDATION_FAILED', `${first!.message}${more}`, { errors: read.faults });
  }

  @Get('evaluations/:id')
  @InternalOnly()
  @Documented({
    summary: 'An evaluation, for audit',
    answers: VisionEvaluationAnswer,
    problems: { 404: ['EVALUATION_NOT_FOUND'] },
  })
  async find(@Param('id') id: string): Promise<VisionEvaluationAnswer> {
    const found = isUuid(id) ? await this.store.find(id) : undefined;
    if (found === undefined)
      throw new ProblemError(404, 'EVALUATION_NOT_FOUND', 'There is no such evaluation');
    return found;
  }
}
