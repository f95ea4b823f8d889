import { Controller, Get, UseGuards } from '@nestjs/common';
import { JwtGuard } from '@teleop/auth';
import { Documented } from '@teleop/service-kit';
import { stepSchema } from './step-schema';

const SCHEMA = stepSchema();

@Controller('api/v1/teach/step-schema')
@UseGuards(JwtGuard)
export class StepSchemaController {
  @Get()
  @Documented({ summary: 'The catalogue of mission steps, as JSON Schema (2020-12)' })
  schema(): object {
    return SCHEMA;
  }
}
