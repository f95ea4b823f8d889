import type { ServiceName } from '@teleop/contracts';

export type UpstreamName = Exclude<ServiceName, 'api-gateway'>;

/** How large a body may be and how long a silence: names of settings, so that both stay configuration. */
export type RouteLimits = 'plain' | 'vision' | 'upload';

/**
 * `/x` is that path alone, `/x/*` everything below it, and `/x*` both: never `/xy`, which is another word.
 * The order does not matter: no path is matched by two rows (a spec holds this).
 */
export type PathPattern = `/${string}`;

export interface HttpRoute {
  readonly path: PathPattern;
  readonly to: UpstreamName;
  readonly limits?: Exclude<RouteLimits, 'plain'>;
}

export interface SocketRoute {
  readonly path: PathPattern;
  readonly to: UpstreamName;
}

/** Who owns which path, word for word as in the specification; also of services that do not exist yet. */
export const HTTP_ROUTES: readonly HttpRoute[] = [
  { path: '/queue/*', to: 'queue-service' },
  { path: '/robots/status', to: 'queue-service' },
  { path: '/get_live_paused_status', to: 'queue-service' },
  { path: '/use_robot', to: 'queue-service' },
  { path: '/session_url_decrypt_key', to: 'queue-service' },
  { path: '/robot/disconnect', to: 'queue-service' },
  { path: '/robot/free', to: 'queue-service' },
  { path: '/user/control_history', to: 'queue-service' },
  { path: '/fetch_tele_op_session_complete_status', to: 'queue-service' },
  { path: '/tele_op/*', to: 'queue-service' },
  { path: '/auth/*', to: 'queue-service' },

  { path: '/vision/*', to: 'vision-service', limits: 'vision' },

  { path: '/api/v1/recognition/*', to: 'recognition-service', limits: 'upload' },
  { path: '/api/v1/embeddings/*', to: 'recognition-service', limits: 'upload' },
  { path: '/api/v1/cameras/*', to: 'recognition-service', limits: 'upload' },
  { path: '/uploads/evidence/*', to: 'recognition-service' },

  { path: '/status', to: 'robot-gateway' },
  { path: '/table/*', to: 'robot-gateway' },
  { path: '/nodes', to: 'robot-gateway' },
  { path: '/routes*', to: 'robot-gateway' },
  { path: '/drive/*', to: 'robot-gateway' },
  { path: '/robot/check', to: 'robot-gateway' },
  { path: '/api/v1/robots*', to: 'robot-gateway' },
  { path: '/api/v1/traffic*', to: 'robot-gateway' },
  { path: '/api/v1/tasks*', to: 'robot-gateway' },

  { path: '/pair/*', to: 'pairing-service' },
  { path: '/api/v1/devices*', to: 'pairing-service' },

  { path: '/api/v1/teach/*', to: 'teach-service' },
];

export const SOCKET_ROUTES: readonly SocketRoute[] = [
  { path: '/ws/robot/*', to: 'robot-gateway' },
  { path: '/ws/drive/*', to: 'robot-gateway' },
  { path: '/ws/device/*', to: 'pairing-service' },
  { path: '/ws/app', to: 'pairing-service' },
];

export const UPSTREAMS: readonly UpstreamName[] = [
  'queue-service',
  'vision-service',
  'recognition-service',
  'robot-gateway',
  'pairing-service',
  'teach-service',
];
