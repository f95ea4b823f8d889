import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Describe } from './describe';

export class FieldError {
  @IsString()
  @Describe('Where in the request: dotted for nested fields, e.g. steps.3.payload')
  path!: string;

  @IsString()
  message!: string;
}

/** RFC 9457 problem details, with our members. */
export class Problem {
  @IsString()
  @Describe('URI of the kind of problem', 'urn:teleop:problem:VALIDATION_FAILED')
  type!: string;

  @IsString()
  title!: string;

  @IsInt()
  status!: number;

  @IsString()
  detail!: string;

  @IsString()
  instance!: string;

  @IsString()
  @Describe('Stable, SCREAMING_SNAKE', 'VALIDATION_FAILED')
  code!: string;

  @IsString()
  traceId!: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FieldError)
  errors?: FieldError[];

  @IsOptional()
  @IsBoolean()
  @Describe('false; only on the queue family, for its existing front end')
  success?: boolean;

  @IsOptional()
  @IsString()
  @Describe('The same as detail; only on the queue family')
  error?: string;
}
