import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { CameraQuery, CameraTestAnswer, CapturedFrameAnswer } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { ApiKeyGuard } from '../access/api-key.guard';
import { enveloped } from '../api/envelope';
import { CameraTrial } from './camera-trial';

const DEFAULT_TIMEOUT_S = 10;
const millis = (query: CameraQuery): number => (query.timeout ?? DEFAULT_TIMEOUT_S) * 1_000;

@Controller('api/v1/cameras')
@UseGuards(ApiKeyGuard)
export class CamerasController {
  constructor(private readonly trial: CameraTrial) {}

  @Get('test-connection')
  @Documented({
    summary: 'Connects to a camera and looks at it for a moment',
    description: 'A camera that cannot be reached is an answer too: `connected` is false.',
    answers: CameraTestAnswer,
    problems: { 429: ['TOO_MANY_CAMERA_TESTS'], 503: ['CAMERAS_UNAVAILABLE'] },
  })
  async test(@Query() query: CameraQuery): Promise<CameraTestAnswer> {
    const data = await this.trial.test(query.rtspUrl, millis(query));
    return enveloped(data.connected ? 'Camera is connected' : 'Camera could not be reached', data);
  }

  @Get('capture-frame')
  @Documented({
    summary: 'One picture of a camera',
    answers: CapturedFrameAnswer,
    problems: {
      429: ['TOO_MANY_CAMERA_TESTS'],
      422: ['CAMERA_UNREACHABLE'],
      503: ['CAMERAS_UNAVAILABLE'],
    },
  })
  async capture(@Query() query: CameraQuery): Promise<CapturedFrameAnswer> {
    return enveloped('Frame captured', await this.trial.capture(query.rtspUrl, millis(query)));
  }
}
