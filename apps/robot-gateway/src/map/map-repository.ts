import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { MapDocument } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { INSERT_MAP } from './sql/insert-map.sql';
import { LOCK_MAP } from './sql/lock-map.sql';
import { READ_ACTIVE_MAP, READ_ACTIVE_MAP_VERSION } from './sql/read-active-map.sql';
import { RETIRE_MAP } from './sql/retire-map.sql';
import { SAME_ACTIVE_MAP } from './sql/same-active-map.sql';

export interface StoredMap {
  readonly mapVersionId: string;
  readonly document: MapDocument;
  readonly createdAt: Date;
  readonly createdBy: string;
}

interface MapRow {
  readonly map_version_id: string;
  readonly document: MapDocument;
  readonly created_at: Date;
  readonly created_by: string;
}

/** Map versions in PostgreSQL: all are kept, one is active. */
@Injectable()
export class MapRepository {
  constructor(private readonly database: Database) {}

  async active(): Promise<StoredMap | undefined> {
    const row = await this.database.maybe<MapRow>(READ_ACTIVE_MAP);
    if (row === undefined) return undefined;
    const { map_version_id: mapVersionId, document, created_at: createdAt, created_by: createdBy } = row;
    return { mapVersionId, document, createdAt, createdBy };
  }

  async activeVersion(): Promise<string | undefined> {
    return (await this.database.maybe<MapRow>(READ_ACTIVE_MAP_VERSION))?.map_version_id;
  }

  /** Makes it the active map; the new version's id, or undefined when it is the active one already. */
  async activate(tx: Tx, document: MapDocument, createdBy: string): Promise<string | undefined> {
    const text = JSON.stringify(document);
    await tx.query(LOCK_MAP);
    if ((await tx.maybe(SAME_ACTIVE_MAP, [text])) !== undefined) return undefined;
    const mapVersionId = randomUUID();
    await tx.query(RETIRE_MAP);
    await tx.query(INSERT_MAP, [mapVersionId, document.name, text, createdBy]);
    return mapVersionId;
  }
}
