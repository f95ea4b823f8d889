import { setting, type ConfigOf } from '@teleop/service-kit';

export const mapSettings = {
  /** A map in JSON or YAML that is made the active one at each start when it differs from that; empty: none. */
  MAP_FILE: setting.string({ default: '' }),
  MAP_MAX_NODES: setting.int({ default: 20_000, min: 1 }),
  MAP_MAX_PATHS: setting.int({ default: 100_000, min: 0 }),
  /** Bytes of a map that is sent as YAML; as JSON it is bounded as every body is. */
  MAP_MAX_BYTES: setting.int({ default: 2 * 1024 * 1024, min: 1_024, max: 16 * 1024 * 1024 }),
  /** Milliseconds that reading a map's text may take. */
  MAP_READ_MS: setting.int({ default: 20_000, min: 100 }),
  /** Milliseconds between looks for another active map, should its event not have been heard. */
  MAP_REFRESH_MS: setting.int({ default: 5_000, min: 50 }),
};

export type MapConfig = ConfigOf<typeof mapSettings>;
