import type { Pool } from 'pg';

/** Rows and a checksum over them, by table. */
export type Fingerprint = Readonly<Record<string, string>>;

/**
 * Makes a function that fingerprints every table of the schema in one statement, columns named in `except` aside.
 * `schema` and the table names come from the test and the catalogue, never from a caller.
 */
export async function fingerprinter(
  pool: Pool,
  schema: string,
  except: Readonly<Record<string, readonly string[]>> = {},
): Promise<() => Promise<Fingerprint>> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY 1`,
    [schema],
  );
  if (rows.length === 0) throw new Error(`schema ${schema} has no tables`);
  const text = rows
    .map(({ name }) => {
      const columns = (except[name] ?? []).map((column) => ` - '${column}'`).join('');
      return `SELECT '${name}' AS name, count(*) || ' rows ' || coalesce(md5(string_agg(r, ';' ORDER BY r)), '-') AS mark
        FROM (SELECT (to_jsonb(t)${columns})::text AS r FROM "${schema}"."${name}" t) x`;
    })
    .join(' UNION ALL ');
  return async () => {
    const found = await pool.query<{ name: string; mark: string }>({ name: `fingerprint-${schema}`, text });
    return Object.fromEntries(found.rows.map(({ name, mark }) => [name, mark]));
  };
}

/** The tables that differ, and how. */
export function differences(before: Fingerprint, after: Fingerprint): string[] {
  return Object.keys({ ...before, ...after })
    .filter((table) => before[table] !== after[table])
    .map((table) => `${table}: ${before[table] ?? 'none'} became ${after[table] ?? 'none'}`);
}
