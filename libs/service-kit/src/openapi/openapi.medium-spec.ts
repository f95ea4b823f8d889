import {
  Body,
  Controller,
  Get,
  Module,
  Param,
  Post,
  Query,
  UseGuards,
  type CanActivate,
  type INestApplication,
} from '@nestjs/common';
import { InternalOnly, JwtGuard } from '@teleop/auth';
import { Test } from '@nestjs/testing';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { commonSettings } from '../config/common-settings';
import { loadConfig } from '../config/load-config';
import { Logger } from '../logging/logger';
import { createService, type RunningService } from '../service/create-service';
import { ServiceKitModule } from '../service/service-kit.module';
import { Documented } from './documented';
import { openApiOf } from './openapi';

class Colour {
  @IsIn(['red', 'green'])
  name!: string;
}

class PaintBody {
  @IsUUID('loose')
  userId!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Colour)
  colour?: Colour;

  @IsOptional()
  @IsString()
  note?: string;
}

class Picture {
  @IsInt()
  id!: number;

  @ValidateNested()
  @Type(() => Colour)
  colour!: Colour;
}

class PictureQuery {
  @IsInt()
  @Min(1)
  @Max(50)
  limit!: number;

  @IsOptional()
  @IsString()
  after?: string;
}

class NeverSent {
  @IsString()
  x!: string;
}

@Documented({ security: ['apiKey'] })
class KeyGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller('pictures')
class PictureController {
  @Post()
  @UseGuards(JwtGuard)
  @Documented({
    summary: 'Paints',
    answers: Picture,
    problems: { 403: ['NOT_ACTIVE'] },
    headers: { 'Idempotency-Key': 'Same key, same answer' },
  })
  paint(@Body() _body: PaintBody) {
    return {};
  }

  @Get()
  @InternalOnly()
  @Documented({ answers: [Picture], status: 200 })
  list(@Query() _query: PictureQuery) {
    return [];
  }

  @Get(':id')
  @UseGuards(KeyGuard)
  one(@Param('id') _id: string, @Query('size') _size?: string) {
    return new NeverSent();
  }
}

interface Operation {
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
  requestBody?: { content: Record<string, { schema: object }> };
  security?: object[];
  summary?: string;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<'get' | 'post', Operation>>;
  components: {
    schemas: Record<string, { properties: Record<string, unknown>; required: string[] }>;
    securitySchemes: object;
  };
}

describe('/openapi.json', () => {
  let service: RunningService;
  let document: Document;

  const start = (openapi: boolean): Promise<RunningService> => {
    const config = loadConfig(commonSettings, { PORT: '0', HOST: '127.0.0.1' });
    const logger = Logger.create({ service: 'queue-service', level: 'silent' });

    @Module({
      imports: [ServiceKitModule.forRoot({ name: 'queue-service', config, logger })],
      controllers: [PictureController],
    })
    class PictureModule {}
    return createService({
      name: 'queue-service',
      module: PictureModule,
      platform: 'fastify',
      config,
      logger,
      openapi,
    });
  };

  beforeAll(async () => {
    service = await start(true);
    document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => service.close());

  it('is OpenAPI 3.1 with the paths of the controllers', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(['/pictures', '/pictures/{id}']);
  });

  it('takes bodies, answers and queries from the validation classes', () => {
    const { post, get } = document.paths['/pictures'] as Document['paths'][string];
    expect(post.summary).toBe('Paints');
    expect(post.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/PaintBody',
    });
    expect(post.responses['201']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Picture',
    });
    expect(post.parameters).toEqual([
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }),
    ]);
    expect(get.parameters).toEqual([
      { name: 'limit', in: 'query', required: true, schema: { type: 'integer', minimum: 1, maximum: 50 } },
      { name: 'after', in: 'query', required: false, schema: { type: ['string', 'null'] } },
    ]);
    expect(get.responses['200']?.content?.['application/json']?.schema).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/Picture' },
    });
    const one = document.paths['/pictures/{id}']?.get.parameters;
    expect(one?.map(({ name, required }) => [name, required])).toEqual([
      ['id', true],
      ['size', false],
    ]);
  });

  it('holds the schemas in use and no others', () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'Colour',
      'FieldError',
      'PaintBody',
      'Picture',
      'Problem',
    ]);
  });

  it('lists problems and credentials', () => {
    const { post, get } = document.paths['/pictures'] as Document['paths'][string];
    expect(Object.keys(post.responses)).toEqual(['201', '400', '401', '403', '413', '415', '500']);
    expect(post.responses['403']?.description).toContain('NOT_ACTIVE');
    expect(Object.keys(post.responses['400']?.content ?? {})).toEqual(['application/problem+json']);
    expect([post.security, get.security, document.paths['/pictures/{id}']?.get.security]).toEqual([
      [{ bearer: [] }],
      [{ internal: [] }],
      [{ apiKey: [] }],
    ]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'internal', 'apiKey']);
  });

  it('has schemas that accept what the service accepts: null for optional fields, nothing for the others', () => {
    const ajv = addFormats(new Ajv2020({ strict: false }));
    ajv.addSchema({ $id: 'doc', ...document });
    const accepts = ajv.compile({ $ref: 'doc#/components/schemas/PaintBody' });
    const userId = '7f1c2a34-1111-4222-8333-444455556666';
    expect(accepts({ userId })).toBe(true);
    expect(accepts({ userId, colour: null, note: null })).toBe(true);
    expect(accepts({ userId, colour: { name: 'red' }, extra: 1 })).toBe(true);
    for (const bad of [
      {},
      { userId: null },
      { userId: 'x' },
      { userId, colour: { name: 'blue' } },
      { userId, note: 5 },
    ])
      expect(accepts(bad)).toBe(false);
  });

  it('is not there when the service brings its own', async () => {
    const own = await start(false);
    expect((await fetch(`${own.url}/openapi.json`)).status).toBe(404);
    await own.close();
  });

  it('says which class has no validation, instead of pointing nowhere', async () => {
    class Bare {}

    @Controller()
    class BareController {
      @Get('bare')
      @Documented({ answers: Bare })
      bare() {
        return {};
      }
    }
    const module = await Test.createTestingModule({ controllers: [BareController] }).compile();
    const app: INestApplication = module.createNestApplication();
    expect(() => openApiOf(app, 'queue-service')).toThrow(
      'Bare is referred to but has no validation decorators',
    );
  });
});
