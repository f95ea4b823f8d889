import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { mapChanged } from '@teleop/contracts';
import { Broadcast } from '@teleop/messaging';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { ActiveMap } from './domain/active-map';
import { MapRepository, type StoredMap } from './map-repository';
import type { MapConfig } from './map-settings';
import { SetMap } from './set-map';

/** The active map in this process's memory, kept at what PostgreSQL says by its event and by looking now and then. */
@Injectable()
export class MapStore implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  #active: { map: ActiveMap; stored: StoredMap } | undefined;
  #refreshing: Promise<void> | undefined;
  #stop: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: MapRepository,
    private readonly setMap: SetMap,
    private readonly broadcast: Broadcast,
    @InjectConfig() private readonly config: MapConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Before anything of the app begins: no route may be sent without the map it is to be planned on. */
  async onModuleInit(): Promise<void> {
    if (this.config.MAP_FILE !== '') await this.setMap.fromFile(this.config.MAP_FILE);
    await this.refresh();
  }

  onApplicationBootstrap(): void {
    const refresh = () => void this.quietly();
    this.#stop = this.broadcast.subscribe(mapChanged, refresh, { onGap: refresh });
    this.#timer = setInterval(refresh, this.config.MAP_REFRESH_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    this.#stop();
  }

  /** Undefined when no map was ever set. */
  current(): ActiveMap | undefined {
    return this.#active?.map;
  }

  stored(): StoredMap | undefined {
    return this.#active?.stored;
  }

  /** Resolves when what is here is at least as new as what PostgreSQL said when this was called. */
  async refresh(): Promise<void> {
    // One that is under way may have looked too early.
    await this.#refreshing?.catch(() => undefined);
    const mine = (this.#refreshing ??= this.read().finally(() => (this.#refreshing = undefined)));
    await mine;
  }

  private async read(): Promise<void> {
    const version = await this.repository.activeVersion();
    if (version === this.#active?.stored.mapVersionId) return;
    const stored = await this.repository.active();
    if (stored === undefined) return;
    this.#active = { map: new ActiveMap(stored.mapVersionId, stored.document), stored };
    const { name, nodes, paths } = stored.document;
    this.log.info(
      { mapVersionId: stored.mapVersionId, name, nodes: nodes.length, paths: paths.length },
      'map in use',
    );
  }

  private async quietly(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.log.warn({ err: error }, 'active map not read; trying again');
    }
  }
}
