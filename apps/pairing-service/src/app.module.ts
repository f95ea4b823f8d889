import { Module, type Type } from '@nestjs/common';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import type { PairingConfig } from './config';
import { DeviceRegistry } from './devices/device-registry';
import { DevicesController } from './devices/devices.controller';
import { RemoveDevice } from './devices/remove-device';
import { RegisterHardware } from './hardware/register-hardware';
import { SCHEMA } from './migrations/migrate-pairing';
import { ClaimSession } from './pairing/claim-session';
import { Nonces } from './pairing/nonces';
import { PairController } from './pairing/pair.controller';
import { PairingTokens } from './pairing/pairing-tokens';
import { RequestToken } from './pairing/request-token';
import { Keys } from './presence/keys';
import { Presence } from './presence/presence';
import { OwnAddress } from './presence/own-address';
import { PresenceJob } from './presence/presence.job';
import { PairLimits } from './rate-limit/pair-limits';
import { PeerLinks } from './replicas/peer-links';
import { ReplicaDesk } from './replicas/replica-desk';
import { ReplicaLink } from './replicas/replica-link';
import { ReplicaWatch } from './replicas/replica-watch';
import { Audit } from './sessions/audit';
import { ReceiveFrame } from './sessions/receive-frame';
import { SessionBook } from './sessions/session-book';
import { SessionMetrics } from './sessions/session-metrics';
import { Sessions } from './sessions/sessions';
import { AppSocket } from './sockets/app.socket';
import { Connections } from './sockets/connections';
import { DeviceSocket } from './sockets/device.socket';
import { SocketTick } from './sockets/socket-tick.job';
import { PassOn } from './sockets/pass-on';
import { Resume } from './sockets/resume';
import { TakeIn } from './sockets/take-in';

const DEVICES = [DeviceRegistry, RemoveDevice, RegisterHardware];
const PAIRING = [
  Keys,
  Presence,
  OwnAddress,
  PresenceJob,
  PairLimits,
  Nonces,
  PairingTokens,
  RequestToken,
  ClaimSession,
];
const SESSIONS = [SessionBook, Sessions, SessionMetrics, ReceiveFrame, Audit];
const SOCKETS = [Connections, TakeIn, Resume, PassOn, DeviceSocket, AppSocket, SocketTick];
const REPLICAS = [ReplicaLink, ReplicaWatch, PeerLinks, ReplicaDesk];

/** The root module of one process, made for its config: tests run several in one process. */
export function pairingModule(config: PairingConfig, logger?: Logger): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'pairing-service',
        config,
        logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        messaging: { consumes: [], answers: [] },
        redis: true,
      }),
    ],
    controllers: [DevicesController, PairController],
    providers: [...DEVICES, ...PAIRING, ...SESSIONS, ...SOCKETS, ...REPLICAS],
  })
  class PairingModule {}
  return PairingModule;
}
