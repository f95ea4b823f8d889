import type { IncomingMessage } from 'node:http';
import { Controller, Delete, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ErasedEvidenceAnswer, EvidenceParams, EvidenceQuery, EvidenceSignature } from '@teleop/contracts';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import { ApiKeyGuard, keyOpens, unauthorized } from '../access/api-key.guard';
import { enveloped } from '../api/envelope';
import type { RecognitionConfig } from '../config';
import { EvidenceStore } from './evidence-store';
import { evidencePath, EvidenceUrls } from './evidence-urls';

interface Reply {
  header(name: string, value: string): this;
  send(body: Buffer): unknown;
}

@Controller()
export class EvidenceController {
  constructor(
    private readonly store: EvidenceStore,
    private readonly urls: EvidenceUrls,
    @InjectConfig() private readonly config: RecognitionConfig,
  ) {}

  @Get('uploads/evidence/:slotId/:file')
  @Documented({
    summary: 'The picture in which a student was recognised, as a JPEG',
    description: 'For callers with the API key, and for whoever has a signed address that has not expired.',
    security: ['apiKey'],
    problems: { 401: ['UNAUTHORIZED'], 404: ['EVIDENCE_NOT_FOUND'] },
  })
  async picture(
    @Param() { slotId, file }: EvidenceParams,
    @Query() { expires, signature }: EvidenceSignature,
    @Req() { headers }: IncomingMessage,
    @Res() reply: Reply,
  ): Promise<void> {
    const signed =
      expires !== undefined && signature !== undefined && this.urls.opens(slotId, file, expires, signature);
    if (!signed && !keyOpens(headers, this.config)) {
      throw unauthorized('X-API-Key, or a signed address that has not expired, is needed');
    }
    const jpeg = await this.store.find(slotId, file);
    if (jpeg === undefined) throw new ProblemError(404, 'EVIDENCE_NOT_FOUND', 'There is no such picture');
    reply.header('content-type', 'image/jpeg').header('cache-control', 'private, no-store').send(jpeg);
  }

  @Delete('api/v1/recognition/evidence')
  @UseGuards(ApiKeyGuard)
  @Documented({ summary: 'Removes every picture of a student at once', answers: ErasedEvidenceAnswer })
  async erase(@Query() { userId }: EvidenceQuery): Promise<ErasedEvidenceAnswer> {
    const removed = await this.store.erase(userId);
    const files = removed.map(({ slotId, file }) => evidencePath(slotId, file));
    return enveloped(`${files.length} picture(s) removed`, { userId, removed: files.length, files });
  }
}
