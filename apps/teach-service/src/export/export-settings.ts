import { setting, type ConfigOf } from '@teleop/service-kit';

export const exportSettings = {
  /** `manufacturer` of exported VDA 5050 orders: it becomes part of the topic they are sent to. */
  VDA5050_MANUFACTURER: setting.string({ default: 'teleop', pattern: /^[A-Za-z0-9_.:-]{1,64}$/ }),
  /** `mapId` of positions whose step names no map. */
  VDA5050_MAP_ID: setting.string({ default: 'default', pattern: /^[A-Za-z0-9_.:-]{1,64}$/ }),
};

export type ExportSettings = ConfigOf<typeof exportSettings>;
