import { STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Class, JsonSchema, ServiceName } from '@teleop/contracts';
import { handlersOf, operationId, type Handler } from './handlers';
import { parametersOf, type Parameter } from './parameters';
import { reachableSchemas, SCHEMA_PREFIX, validationSchemas } from './schemas';

interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
  security?: Record<string, string[]>[];
}

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A JWT, or on queue endpoints the hash_code of the user',
  },
  internal: {
    type: 'http',
    scheme: 'bearer',
    description: 'INTERNAL_API_TOKEN: our own services and robot servers',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
    description: 'The key of a robot or of the attendance backend',
  },
};

const ref = (cls: Class<object>) => ({ $ref: SCHEMA_PREFIX + cls.name });

function problemResponse(status: number, codes: readonly string[]): object {
  const text = STATUS_CODES[status] ?? 'Problem';
  return {
    description: codes.length > 0 ? `${text}: ${codes.map((code) => `\`${code}\``).join(', ')}` : text,
    content: { 'application/problem+json': { schema: { $ref: `${SCHEMA_PREFIX}Problem` } } },
  };
}

function problemsOf(operation: Operation, handler: Handler): Map<number, readonly string[]> {
  const problems = new Map<number, readonly string[]>();
  const hasBody = handler.body !== undefined || handler.documentation.optionalBody !== undefined;
  if (hasBody || (operation.parameters?.length ?? 0) > 0) problems.set(400, ['VALIDATION_FAILED']);
  if (handler.security.length > 0) problems.set(401, ['UNAUTHORIZED']);
  if (hasBody) {
    problems.set(413, ['PAYLOAD_TOO_LARGE']);
    problems.set(415, ['UNSUPPORTED_MEDIA_TYPE']);
  }
  for (const [status, codes] of Object.entries(handler.documentation.problems ?? {})) {
    problems.set(Number(status), [...(problems.get(Number(status)) ?? []), ...codes]);
  }
  problems.set(500, ['INTERNAL_ERROR']);
  return problems;
}

function complete(
  operation: Operation,
  handler: Handler,
  schemas: Readonly<Record<string, JsonSchema>>,
): void {
  const { documentation, body } = handler;
  operation.parameters = parametersOf(operation.parameters ?? [], handler, schemas);
  const anyBody = body ?? documentation.optionalBody;
  if (anyBody !== undefined) {
    const content = { 'application/json': { schema: ref(anyBody) } };
    operation.requestBody = { required: body !== undefined, content };
  }
  if (documentation.form !== undefined) {
    const content = { 'multipart/form-data': { schema: documentation.form } };
    operation.requestBody = { required: true, content };
  }
  if (documentation.summary) operation.summary = documentation.summary;
  if (documentation.description) operation.description = documentation.description;
  const [normal = '200'] = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
  const { answers } = documentation;
  const schema =
    answers &&
    (Array.isArray(answers)
      ? { type: 'array', items: ref(answers[0] as Class<object>) }
      : ref(answers as Class<object>));
  operation.responses = {
    [String(documentation.status ?? normal)]: {
      description: STATUS_CODES[documentation.status ?? normal] ?? 'OK',
      ...(schema && { content: { 'application/json': { schema } } }),
    },
  };
  for (const [status, codes] of problemsOf(operation, handler))
    operation.responses[status] = problemResponse(status, codes);
  if (handler.security.length > 0) operation.security = handler.security.map((scheme) => ({ [scheme]: [] }));
}

/**
 * OpenAPI 3.1 of the app: paths from Nest's routes, schemas from the class-validator classes.
 * @public required late by createService
 */
export function openApiOf(app: INestApplication, name: ServiceName): object {
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(name).setVersion('1').build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: operationId });
  const schemas = validationSchemas();
  const handlers = handlersOf(app);
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path as Record<string, Operation>)) {
      const handler = handlers.get(operation.operationId ?? '');
      if (handler !== undefined) complete(operation, handler, schemas);
    }
  }
  return {
    ...document,
    components: { securitySchemes: SECURITY_SCHEMES, schemas: reachableSchemas(document.paths, schemas) },
  };
}
