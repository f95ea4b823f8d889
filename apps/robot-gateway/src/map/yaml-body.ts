import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectConfig, ProblemError } from '@teleop/service-kit';
import type { MapConfig } from './map-settings';

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

/** The address at which YAML is taken. */
export const MAP_ADDRESS = 'api/v1/robots/map';

interface FastifyLike {
  addContentTypeParser(
    types: string[],
    options: { parseAs: 'string'; bodyLimit: number },
    parse: (
      request: { routeOptions: { url?: string } },
      body: string,
      done: (error: Error | null, body?: object) => void,
    ) => void,
  ): void;
}

/** Lets a map be sent as the YAML file it is: the body then arrives as `{ yaml: text }`. Everywhere else YAML is 415. */
@Injectable()
export class YamlBody implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectConfig() private readonly config: MapConfig,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyLike>();
    const options = { parseAs: 'string', bodyLimit: this.config.MAP_MAX_BYTES } as const;
    fastify.addContentTypeParser(YAML_TYPES, options, (request, body, done) => {
      if (request.routeOptions.url === `/${MAP_ADDRESS}`) done(null, { yaml: body });
      else done(new ProblemError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json'));
    });
  }
}
