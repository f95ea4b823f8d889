import { Injectable } from '@nestjs/common';
import type { Device, RegisterDeviceBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { ProblemError } from '@teleop/service-kit';
import { Presence } from '../presence/presence';
import {
  ADDRESS_OF_DEVICE,
  DELETE_DEVICE,
  DEVICES_SEEN,
  INSERT_DEVICE,
  LIST_DEVICES,
} from './sql/devices.sql';

interface DeviceRow {
  readonly device_id: string;
  readonly evm_address: string;
  readonly name: string | null;
  readonly created_at: Date;
  readonly last_seen: Date | null;
}

/** Which devices there are, and whose signature each one's is. */
@Injectable()
export class DeviceRegistry {
  constructor(
    private readonly database: Database,
    private readonly presence: Presence,
  ) {}

  /** Throws 409 DEVICE_EXISTS. */
  async register({ device_id, evm_address, name }: RegisterDeviceBody): Promise<Device> {
    const params = [device_id, evm_address.toLowerCase(), name ?? null];
    const row = await this.database.maybe<DeviceRow>(INSERT_DEVICE, params);
    if (row === undefined)
      throw new ProblemError(409, 'DEVICE_EXISTS', `There is a device ${device_id} already`);
    const statuses = await this.presence.statusesOf([device_id]);
    return shown(row, statuses.get(device_id));
  }

  async list(): Promise<Device[]> {
    const rows = await this.database.query<DeviceRow>(LIST_DEVICES);
    const statuses = await this.presence.statusesOf(rows.map((row) => row.device_id));
    return rows.map((row) => shown(row, statuses.get(row.device_id)));
  }

  /** Throws 404 DEVICE_NOT_FOUND. */
  async remove(deviceId: string): Promise<void> {
    const row = await this.database.maybe(DELETE_DEVICE, [deviceId]);
    if (row === undefined) throw new ProblemError(404, 'DEVICE_NOT_FOUND', `There is no device ${deviceId}`);
  }

  /** Lower case; undefined when there is no such device. */
  async addressOf(deviceId: string): Promise<string | undefined> {
    const row = await this.database.maybe<{ evm_address: string }>(ADDRESS_OF_DEVICE, [deviceId]);
    return row?.evm_address;
  }

  /** Milliseconds ago that each was last heard. */
  async seen(heard: ReadonlyMap<string, number>): Promise<void> {
    if (heard.size > 0) await this.database.query(DEVICES_SEEN, [[...heard.keys()], [...heard.values()]]);
  }
}

function shown(row: DeviceRow, status: Device['status'] = 'OFFLINE'): Device {
  const { device_id, evm_address, name, created_at, last_seen } = row;
  return {
    device_id,
    evm_address,
    name,
    status,
    last_seen: last_seen?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}
