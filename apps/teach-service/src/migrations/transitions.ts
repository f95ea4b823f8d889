type Transitions = Readonly<Record<string, readonly string[]>>;

/** A trigger's body that lets a status become only what the table says. Names are ours, never input. */
export function guardSql(table: string, transitions: Transitions): string {
  const allowed = Object.entries(transitions).flatMap(([from, to]) => to.map((one) => `'${from}>${one}'`));
  return `
    CREATE FUNCTION teach.guard_${table}() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
      IF NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN (${allowed.join(', ')}) THEN
        RAISE EXCEPTION 'teach.${table}: % must not become %', OLD.status, NEW.status
          USING ERRCODE = 'check_violation', CONSTRAINT = '${table}_transition';
      END IF;
      RETURN NEW;
    END $guard$;
    CREATE TRIGGER ${table}_transition BEFORE UPDATE OF status ON teach.${table}
      FOR EACH ROW EXECUTE FUNCTION teach.guard_${table}();
  `;
}
