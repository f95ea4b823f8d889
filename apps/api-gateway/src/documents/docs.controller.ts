import type { ServerResponse } from 'node:http';
import { Controller, Get, Header, Param, Redirect, Res } from '@nestjs/common';
import { PAGE_POLICY } from '../edge/security-headers';
import { packageFile, sendFile } from '../pages/send-file';
import { DOCS_PAGE, DOCS_SCRIPT } from './docs-page';

/** Swagger UI from our own node_modules: the page works without the internet. */
@Controller('docs')
export class DocsController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  page(): string {
    return DOCS_PAGE;
  }

  @Get('index.html')
  @Redirect('/docs', 301)
  index(): void {
    // The decorator answers.
  }

  @Get('start.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return DOCS_SCRIPT;
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Res() res: ServerResponse): void {
    sendFile(res, ASSETS.has(name) ? packageFile('swagger-ui-dist', name) : undefined);
  }
}

const ASSETS = new Set([
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
]);
