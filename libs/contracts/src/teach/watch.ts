import { IsOptional, IsString, Length } from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';

/** What a client of the Socket.IO namespace `/teach` watches. */
export class TeachScope {
  @IsOptional()
  @IsRobotId()
  @Describe('Absent: all robots')
  robotId?: string | null;
}

/** The `auth` object that it connects with. */
export class TeachWatchAuth extends TeachScope {
  @IsString()
  @Length(1, 8_192)
  @Describe('A JWT of any role; the socket ends when it expires')
  token!: string;
}
