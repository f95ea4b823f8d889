import { Body, Controller, Get, Module, Param, Post, Query, type INestApplication } from '@nestjs/common';
import { IsInt, IsObject, IsOptional, IsString, Length, Max } from 'class-validator';
import type { Server } from 'node:http';
import { commonSettings } from '../config/common-settings';
import { loadConfig } from '../config/load-config';
import { ProblemError } from '../errors/problem-error';
import type { ProblemExtras } from '../errors/problem';
import { Logger } from '../logging/logger';
import { currentTrace, traceHeaders } from '../tracing/trace-context';
import { createService, type RunningService } from './create-service';
import { ServiceKitModule } from './service-kit.module';

class Note {
  @IsString()
  @Length(1, 50)
  text!: string;

  @IsOptional()
  @IsInt()
  count?: number;

  @IsOptional()
  @IsObject()
  extra?: Record<string, unknown>;
}

class Page {
  @IsOptional()
  @IsInt()
  @Max(50)
  limit?: number;
}

@Controller()
class SmallController {
  @Post('notes')
  note(@Body() note: Note) {
    return { note, kind: note.constructor.name };
  }

  @Get('notes/:id')
  one(@Param('id') id: string, @Query() page: Page, @Query('q') q?: string) {
    return { id, page, q };
  }

  @Post('trace')
  async trace(@Body() _note: Note) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { trace: currentTrace()?.traceId, headers: traceHeaders() };
  }

  @Get('boom')
  boom() {
    throw new Error('connection to postgres://u:hunter2@db refused: SELECT secret FROM users');
  }

  @Get('own-body')
  ownBody() {
    throw new ProblemError(418, 'TEAPOT', 'short and stout', { body: { teapot: true } });
  }

  @Get('refused')
  refused() {
    throw new ProblemError(403, 'NOT_ACTIVE', 'It is not your turn', { headers: { 'x-hint': 'wait' } });
  }

  @Get('slow')
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { done: true };
  }
}

export interface Line {
  readonly level: string;
  readonly msg?: string;
  readonly traceId?: string;
  readonly [field: string]: unknown;
}

export interface SmallService extends RunningService {
  readonly lines: Line[];
}

/** A service with a few routes on a free port, its log in memory. No infrastructure. */
export async function startSmall(
  platform: 'fastify' | 'express',
  options: {
    env?: Record<string, string>;
    problemExtras?: ProblemExtras;
    setup?: (app: INestApplication, server: Server) => void;
  } = {},
): Promise<SmallService> {
  const lines: Line[] = [];
  const config = loadConfig(commonSettings, {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'debug',
    ...options.env,
  });
  const logger = Logger.create({
    service: 'queue-service',
    level: config.LOG_LEVEL,
    destination: { write: (text: string) => void lines.push(JSON.parse(text) as Line) },
  });

  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'queue-service',
        config,
        logger,
        problemExtras: options.problemExtras,
      }),
    ],
    controllers: [SmallController],
  })
  class SmallModule {}

  const service = await createService({
    name: 'queue-service',
    module: SmallModule,
    platform,
    bodyParser: true,
    config,
    logger,
    setup: options.setup,
  });
  return { ...service, lines };
}
