import { Controller, Get, Header } from '@nestjs/common';
import { ServiceDocuments } from './service-documents';
import type { Json } from './merge-openapi';

@Controller()
export class OpenApiController {
  constructor(private readonly documents: ServiceDocuments) {}

  @Get('openapi.json')
  @Header('cache-control', 'no-cache')
  openapi(): Promise<Json> {
    return this.documents.merged();
  }
}
