import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import {
  LiveSessionAnswer,
  LiveSessionsAnswer,
  ProcessSessionBody,
  SlotParam,
  StartedSessionAnswer,
  StopSessionBody,
  StoppedSessionAnswer,
} from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { ApiKeyGuard } from '../access/api-key.guard';
import { enveloped } from '../api/envelope';
import { EvidenceStore } from '../evidence/evidence-store';
import { EvidenceUrls } from '../evidence/evidence-urls';
import { SessionReader } from './session-reader';
import { SessionRunners } from './session-runners';
import { liveView, recognitionView } from './session-views';
import { StartSession } from './start-session';
import { sessionNotFound, StopSession } from './stop-session';

const START = {
  summary: 'Begins to look for students in the cameras of a room',
  answers: StartedSessionAnswer,
  problems: {
    400: ['EMBEDDING_DIMENSION_MISMATCH'],
    409: ['SESSION_ALREADY_EXISTS'],
    429: ['TOO_MANY_SESSIONS'],
    500: ['ALL_CAMERAS_FAILED'],
    503: ['ENGINE_STARTING', 'ENGINE_UNAVAILABLE', 'CAMERAS_UNAVAILABLE'],
  },
};

const STOP = {
  summary: 'Ends a session',
  description: 'recognizedStudentIds are those that the backend has been told of.',
  answers: StoppedSessionAnswer,
  problems: { 404: ['SESSION_NOT_FOUND'] },
};

@Controller()
@UseGuards(ApiKeyGuard)
export class SessionsController {
  constructor(
    private readonly starting: StartSession,
    private readonly stopping: StopSession,
    private readonly reader: SessionReader,
    private readonly runners: SessionRunners,
    private readonly evidence: EvidenceStore,
    private readonly urls: EvidenceUrls,
  ) {}

  @Post('api/v1/recognition/process-session')
  @HttpCode(200)
  @Documented(START)
  async start(@Body() body: ProcessSessionBody): Promise<StartedSessionAnswer> {
    return enveloped('Session started', await this.starting.start(body));
  }

  @Post('process-session')
  @HttpCode(200)
  @Documented({ ...START, summary: `${START.summary}; the address of the first version` })
  startAsBefore(@Body() body: ProcessSessionBody): Promise<StartedSessionAnswer> {
    return this.start(body);
  }

  @Post('api/v1/recognition/stop-session')
  @HttpCode(200)
  @Documented(STOP)
  async stop(@Body() { slotId }: StopSessionBody): Promise<StoppedSessionAnswer> {
    return enveloped('Session stopped', await this.stopping.stop(slotId));
  }

  @Post('stop-session')
  @HttpCode(200)
  @Documented({ ...STOP, summary: `${STOP.summary}; the address of the first version` })
  stopAsBefore(@Body() body: StopSessionBody): Promise<StoppedSessionAnswer> {
    return this.stop(body);
  }

  @Get('api/v1/recognition/sessions')
  @Documented({ summary: 'Every session that runs', answers: LiveSessionsAnswer })
  async list(): Promise<LiveSessionsAnswer> {
    const rows = await this.reader.live();
    return enveloped(
      `${rows.length} session(s)`,
      rows.map((row) => liveView(row, this.runners.liveOf(row.id))),
    );
  }

  @Get('api/v1/recognition/sessions/:slotId')
  @Documented({
    summary: 'A session that runs: its cameras, the faces in their last pictures, who was recognised',
    answers: LiveSessionAnswer,
    problems: { 404: ['SESSION_NOT_FOUND'] },
  })
  async one(@Param() { slotId }: SlotParam): Promise<LiveSessionAnswer> {
    const [row] = await this.reader.live(slotId);
    if (row === undefined) throw sessionNotFound(slotId);
    const files = await this.evidence.filesOf(slotId);
    const recognitions = row.recognitions.map((known) => {
      const file = files.get(known.userId);
      return recognitionView(known, file === undefined ? null : this.urls.signed(slotId, file));
    });
    return enveloped('Session runs', { ...liveView(row, this.runners.liveOf(row.id)), recognitions });
  }
}
