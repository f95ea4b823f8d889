import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { mapChanged, type MapDocument, type MapUpload } from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { InjectConfig, LOGGER, Logger, ProblemError } from '@teleop/service-kit';
import { checkMap, type CheckedMap, type MapFault } from './domain/check-map';
import { MapRepository } from './map-repository';
import type { MapConfig } from './map-settings';
import { readMapText } from './read-map-text';

/** Makes another map the active one: a new version, unless it says what the active one does. */
@Injectable()
export class SetMap {
  constructor(
    private readonly database: Database,
    private readonly repository: MapRepository,
    private readonly outbox: Outbox<'robot-gateway'>,
    @InjectConfig() private readonly config: MapConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws 400 with the place of every fault. */
  async fromUpload({ yaml, ...document }: MapUpload, userId: string): Promise<void> {
    const checked = yaml === undefined ? checkMap(document, this.limits()) : await this.read(yaml);
    if (!checked.ok) throw refusal(checked.faults);
    await this.activate(checked.map, userId);
  }

  /** At start: a file that is not there or not a map stops it, with the place of the fault. */
  async fromFile(file: string): Promise<void> {
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new Error(`MAP_FILE ${file} cannot be read: ${error.message}`, { cause: error });
    });
    const checked = await this.read(text);
    if (!checked.ok) {
      const faults = checked.faults.map(({ path, message }) => `  ${path || 'the file'}: ${message}`);
      throw new Error(`MAP_FILE ${file} is not a map:\n${faults.join('\n')}`);
    }
    if (await this.activate(checked.map, 'file')) this.log.info({ file }, 'map taken from MAP_FILE');
  }

  private async activate(document: MapDocument, createdBy: string): Promise<boolean> {
    const { name, nodes, paths } = document;
    const activated = await this.database.transaction(async (tx) => {
      const mapVersionId = await this.repository.activate(tx, document, createdBy);
      if (mapVersionId === undefined) return false;
      const event = { mapVersionId, name, nodes: nodes.length, paths: paths.length };
      await this.outbox.append(tx, mapChanged, event);
      return true;
    });
    if (activated) this.outbox.poke();
    return activated;
  }

  private read(text: string): Promise<CheckedMap> {
    return readMapText(text, { ...this.limits(), timeoutMs: this.config.MAP_READ_MS });
  }

  private limits() {
    return { maxNodes: this.config.MAP_MAX_NODES, maxPaths: this.config.MAP_MAX_PATHS };
  }
}

function refusal(faults: readonly MapFault[]): ProblemError {
  const errors = faults.map(({ path, message }) => ({ path: path || 'body', message }));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = `${first?.path}: ${first?.message}${more}`;
  return new ProblemError(400, 'VALIDATION_FAILED', detail, { errors });
}
