import type { EventDeclaration, RequestDeclaration, ServiceName } from '@teleop/contracts';
import type { MessagingOptions } from '@teleop/messaging';
import type { PersistenceOptions } from '@teleop/persistence';
import type { CommonConfig } from '../config/common-settings';
import type { ProblemExtras } from '../errors/problem';
import type { Logger } from '../logging/logger';

export type DatabaseChoice = Omit<PersistenceOptions, 'databaseUrl' | 'applicationName' | 'onPoolError'>;

export interface MessagingChoice {
  readonly consumes: readonly EventDeclaration[];
  readonly answers: readonly RequestDeclaration[];
  readonly relay?: MessagingOptions['relay'];
}

export interface ServiceKitOptions {
  readonly name: ServiceName;
  /** The service's whole config; at least the common settings. Injected with @InjectConfig(). */
  readonly config: CommonConfig;
  /** Options: PersistenceModule is imported with them. `true`: the app imports it itself; only its health is watched. */
  readonly database?: DatabaseChoice | boolean;
  /** As for `database`. With a composed database, outbox and inbox are joined to it. */
  readonly messaging?: MessagingChoice | boolean;
  readonly redis?: boolean;
  readonly problemExtras?: ProblemExtras;
  /** By default JSON lines on standard output, shared by everything of the same name in this process. */
  readonly logger?: Logger;
}
