import { IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';

export const DEVICE_STATUSES = ['OFFLINE', 'ONLINE', 'BUSY'] as const;
export type DeviceStatus = (typeof DEVICE_STATUSES)[number];

export class RegisterDeviceBody {
  @IsRobotId()
  device_id!: string;

  @IsString()
  @Matches(/^0x[0-9a-fA-F]{40}$/, { message: 'evm_address must be 0x and 40 hexadecimal digits' })
  @Describe('Address of the key that the device signs with')
  evm_address!: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  name?: string | null;
}

export class Device {
  @IsRobotId()
  device_id!: string;

  @IsString()
  evm_address!: string;

  @IsOptional()
  @IsString()
  name?: string | null;

  @IsIn(DEVICE_STATUSES)
  @Describe('OFFLINE: no socket; ONLINE: may be claimed; BUSY: in a session')
  status!: DeviceStatus;

  @IsOptional()
  @IsISO8601()
  @Describe('When the device was last heard; null when it never was')
  last_seen?: string | null;

  @IsISO8601()
  created_at!: string;
}

export class DeviceIdParam {
  @IsRobotId()
  device_id!: string;
}

export class PairPrepareBody {
  @IsRobotId()
  device_id!: string;
}

export class PairPrepareAnswer {
  @IsString()
  @Describe('Good for 120 s and one /pair/request')
  nonce!: string;
}

export class PairRequestBody {
  @IsRobotId()
  device_id!: string;

  @IsString()
  @Describe(
    'EIP-191 personal-sign over <device_id>||<nonce>: 65 bytes hex, with or without 0x, v 0/1 or 27/28',
  )
  signature!: string;
}

export class PairRequestAnswer {
  @IsString()
  pairing_token!: string;

  @IsInt()
  @Describe('Seconds')
  expires_in!: number;
}

export class PairClaimBody {
  @IsString()
  @Length(1, 512)
  pairing_token!: string;

  @IsString()
  @Length(1, 128)
  @Describe('From connection_established')
  app_connection_id!: string;
}

export class PairClaimAnswer {
  @IsUUID()
  session_id!: string;
}
