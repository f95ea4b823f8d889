import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { PAGE_POLICY } from '../edge/security-headers';
import { sendFile } from '../pages/send-file';

const PUBLIC = path.join(__dirname, '..', '..', 'public');
const FILES = new Set(['demo.css', 'keys.js', 'watch.js', 'drive.js', 'fleet.js', 'manual.js']);

/** Pages for people to try a turn or a robot by hand, until there is the operator console. */
@Controller('demo')
export class DemoController {
  @Get()
  queue(@Res() res: ServerResponse): void {
    sendPage(res, 'demo.html');
  }

  @Get('robots')
  robots(@Res() res: ServerResponse): void {
    sendPage(res, 'robots.html');
  }

  @Get(':name')
  file(@Param('name') name: string, @Res() res: ServerResponse): void {
    sendFile(res, FILES.has(name) ? path.join(PUBLIC, name) : undefined);
  }
}

function sendPage(res: ServerResponse, name: string): void {
  res.setHeader('content-security-policy', PAGE_POLICY);
  sendFile(res, path.join(PUBLIC, name));
}
