import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { JwtGuard, Roles } from '@teleop/auth';
import { Device, DeviceIdParam, RegisterDeviceBody } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { DeviceRegistry } from './device-registry';
import { RemoveDevice } from './remove-device';

const UNAVAILABLE = { 403: ['FORBIDDEN'], 503: ['SERVICE_UNAVAILABLE'] };

@Controller('api/v1/devices')
@UseGuards(JwtGuard)
@Roles('Admin')
export class DevicesController {
  constructor(
    private readonly devices: DeviceRegistry,
    private readonly removal: RemoveDevice,
  ) {}

  @Post()
  @Documented({ answers: Device, problems: { ...UNAVAILABLE, 409: ['DEVICE_EXISTS'] } })
  register(@Body() body: RegisterDeviceBody): Promise<Device> {
    return this.devices.register(body);
  }

  /** Every device, by id. */
  @Get()
  @Roles('Admin', 'Operator', 'Viewer')
  @Documented({ answers: [Device], problems: UNAVAILABLE })
  list(): Promise<Device[]> {
    return this.devices.list();
  }

  /** Its socket is closed and its session ends. What happened with it stays on record. */
  @Delete(':device_id')
  @HttpCode(204)
  @Documented({ problems: { ...UNAVAILABLE, 404: ['DEVICE_NOT_FOUND'] } })
  remove(@Param() { device_id }: DeviceIdParam): Promise<void> {
    return this.removal.remove(device_id);
  }
}
