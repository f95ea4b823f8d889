import { POSTGRES_MAJOR } from '../binaries/postgres-binary';
import { measureSkew } from '../checks/clock-skew';
import { withClient } from '../database';
import { InfraError, messageOf } from '../errors';
import { withoutSecrets } from './external-server';

/** Connects, insists on the version, returns the clock skew in ms. */
export async function checkPostgres(url: string): Promise<number> {
  const where = withoutSecrets(url);
  try {
    return await withClient(url, async (client) => {
      const { rows } = await client.query<{ version: string }>(
        `SELECT current_setting('server_version_num') AS version`,
      );
      const major = Math.floor(Number(rows[0]?.version) / 10_000);
      if (major < POSTGRES_MAJOR) {
        throw new InfraError(
          `DATABASE_URL (${where}) is PostgreSQL ${major}; version ${POSTGRES_MAJOR} or newer is needed.`,
        );
      }
      return measureSkew(async () => {
        const answer = await client.query<{ ms: string }>(
          'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms',
        );
        return Number(answer.rows[0]?.ms);
      });
    });
  } catch (error) {
    if (error instanceof InfraError) throw error;
    throw new InfraError(`DATABASE_URL (${where}) cannot be used: ${messageOf(error) || String(error)}`, {
      cause: error,
    });
  }
}
