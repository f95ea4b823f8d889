import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { PAGE_POLICY } from '../edge/security-headers';
import { sendFile } from '../pages/send-file';

const PUBLIC = path.join(__dirname, '..', '..', 'public');
const FILES = new Set(['demo.css', 'watch.js', 'drive.js']);

/** A page for people to try a turn by hand, until there is the operator console. */
@Controller('demo')
export class DemoController {
  @Get()
  page(@Res() res: ServerResponse): void {
    res.setHeader('content-security-policy', PAGE_POLICY);
    sendFile(res, path.join(PUBLIC, 'demo.html'));
  }

  @Get(':name')
  file(@Param('name') name: string, @Res() res: ServerResponse): void {
    sendFile(res, FILES.has(name) ? path.join(PUBLIC, name) : undefined);
  }
}
