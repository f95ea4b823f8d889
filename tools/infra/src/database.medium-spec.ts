import { createDatabase, dropDatabase, withClient } from './database';
import { ownInfra, stopOwnInfra } from './test-support/own-infra.spec-support';
import type { Infra } from './types';

// Three servers from nothing take a second or two, more on a busy machine.
jest.setTimeout(60_000);

describe('databases beside the one of the URL', () => {
  let infra: Infra;
  beforeAll(async () => {
    infra = await ownInfra();
  });
  afterAll(stopOwnInfra);

  it('are created many at once, each with a URL that works', async () => {
    const urls = await Promise.all(
      [1, 2, 3, 4].map((number) => createDatabase(infra.databaseUrl, `many_${number}`)),
    );
    const names = await Promise.all(
      urls.map((url) =>
        withClient(
          url,
          async (client) =>
            (await client.query<{ name: string }>('SELECT current_database() AS name')).rows[0]?.name,
        ),
      ),
    );
    expect(names).toEqual(['many_1', 'many_2', 'many_3', 'many_4']);
  });

  it('are copies of a template when one is named', async () => {
    const template = await createDatabase(infra.databaseUrl, 'template "quoted"');
    await withClient(template, (client) => client.query('CREATE TABLE t AS SELECT 7 AS seven'));
    const copy = await createDatabase(infra.databaseUrl, 'copy', { template: 'template "quoted"' });
    const { rows } = await withClient(copy, (client) =>
      client.query<{ seven: number }>('SELECT seven FROM t'),
    );
    expect(rows).toEqual([{ seven: 7 }]);
  });

  it('are dropped while someone is connected', async () => {
    const url = await createDatabase(infra.databaseUrl, 'busy');
    await withClient(url, async () => {
      await dropDatabase(infra.databaseUrl, 'busy');
    });
    await expect(withClient(url, (client) => client.query('SELECT 1'))).rejects.toThrow(/does not exist/);
  });
});
