import type { Transaction } from '@ums/kit/postgres/transaction';
import type { Projection, Revisioned } from '../projection/projection.js';

/** The tables of a projection and what belongs to them, as the catalog of Postgres describes it. Names are those of SQL text. */
export interface TableDefinitions {
  /** Qualified with the schema; tables that triggers fill come first. */
  tables: readonly string[];
  indexes: readonly IndexDefinition[];
  /** The functions that the triggers call, qualified with the schema. */
  functions: readonly { name: string; text: string }[];
  triggers: readonly { table: string; name: string; text: string }[];
  grants: readonly { table: string; privilege: string; role: string }[];
}

export interface IndexDefinition {
  table: string;
  /** Not qualified. */
  name: string;
  isUnique: boolean;
  /** What follows `using` in `create index`. */
  using: string;
  /** The text of the primary key that the index belongs to. */
  primaryKey: string | null;
}

/** All tables of a projection: the derived ones, then its own. Readers lock tables in about this order. */
export const tablesOf = <Row extends Revisioned>({ table }: Projection<Row>): string[] => [
  ...(table.derived ?? []),
  table.name,
];

/** Reads the definitions of the tables of a projection. An empty `search_path` makes Postgres qualify every name. */
export const readDefinitions = async <Row extends Revisioned>(
  tx: Transaction,
  projection: Projection<Row>,
): Promise<TableDefinitions> => {
  const tables = tablesOf(projection);
  await tx.query(`select set_config('search_path', '', true)`);
  const rowsOf = async <R extends object>(statement: { name: string; text: string }) =>
    (await tx.query<R>({ ...statement, values: [tables] })).rows;
  return {
    tables,
    indexes: await rowsOf<IndexDefinition>(INDEXES),
    functions: await rowsOf<{ name: string; text: string }>(FUNCTIONS),
    triggers: await rowsOf<{ table: string; name: string; text: string }>(TRIGGERS),
    grants: await rowsOf<{ table: string; privilege: string; role: string }>(GRANTS),
  };
};

/**
 * SQL text in which every given name has the suffix. Names are qualified, so that a column of the same name stays as it is.
 */
export const withSuffix = (text: string, names: readonly string[], suffix: string): string =>
  names.reduce((sql, name) => sql.replace(new RegExp(`\\b${name.replace('.', '\\.')}\\b`, 'g'), name + suffix), text);

/** A name of the catalog, which may be quoted, with a suffix. */
export const suffixed = (name: string, suffix: string): string =>
  name.endsWith('"') ? `${name.slice(0, -1)}${suffix}"` : name + suffix;

/** The names in the texts of triggers and functions that a copy has for itself. */
export const ownNames = ({ tables, functions }: TableDefinitions): string[] => [
  ...tables,
  ...functions.map(({ name }) => name),
];

const GIVEN = 'unnest($1::text[]) with ordinality as given (name, place)';

const INDEXES = {
  name: 'describe-indexes',
  text: `
  select given.name as table, quote_ident(pg_class.relname) as name, indisunique as "isUnique",
    substring(pg_get_indexdef(indexrelid) from ' USING (.*)$') as using, pg_get_constraintdef(pg_constraint.oid) as "primaryKey"
  from ${GIVEN} join pg_index on indrelid = name::regclass and indisvalid
  join pg_class on pg_class.oid = indexrelid
  left join pg_constraint on conindid = indexrelid and contype = 'p'
  order by place, pg_class.relname`,
};

const TRIGGERS = {
  name: 'describe-triggers',
  text: `
  select given.name as table, quote_ident(tgname) as name, pg_get_triggerdef(pg_trigger.oid) as text
  from ${GIVEN} join pg_trigger on tgrelid = name::regclass and not tgisinternal order by place, tgname`,
};

const FUNCTIONS = {
  name: 'describe-functions',
  text: `
  select distinct nspname || '.' || proname as name, pg_get_functiondef(pg_proc.oid) as text
  from ${GIVEN} join pg_trigger on tgrelid = name::regclass and not tgisinternal
  join pg_proc on pg_proc.oid = tgfoid join pg_namespace on pg_namespace.oid = pronamespace order by name`,
};

const GRANTS = {
  name: 'describe-grants',
  text: `
  select given.name as table, granted.privilege_type as privilege,
    case granted.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(granted.grantee)) end as role
  from ${GIVEN} join pg_class on pg_class.oid = name::regclass, aclexplode(relacl) as granted
  where granted.grantee <> relowner order by place, role, privilege`,
};
