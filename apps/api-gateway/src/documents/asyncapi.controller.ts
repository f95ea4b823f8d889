import { Controller, Get, Header } from '@nestjs/common';
import { buildAsyncApi } from './asyncapi';
import type { Json } from './merge-openapi';

@Controller()
export class AsyncApiController {
  #document: Json | undefined;

  @Get('asyncapi.json')
  @Header('cache-control', 'no-cache')
  asyncapi(): Json {
    return (this.#document ??= buildAsyncApi());
  }
}
