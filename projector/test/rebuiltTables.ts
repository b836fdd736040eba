import { existingCopies } from '@ums/projector/projection/copies';
import { dropCopy } from '@ums/projector/rebuild/dropCopy';
import { runDepsOf } from './runDeps.js';
import type { World } from './world.js';

/** What tests of rebuilds do with copies of `user_profile_v1` and ask about its tables. */
export const rebuiltTables = (world: World) => {
  const { pool } = world;
  const { projection } = runDepsOf(world);
  return {
    copies: () => existingCopies(pool, projection),
    dropAll: async (): Promise<void> => {
      for (const copy of await existingCopies(pool, projection)) await dropCopy(pool, projection, copy);
    },
    /** Rights, indexes and triggers of all tables of the schema, and its functions, without what belongs to `old`. */
    shape: async (): Promise<unknown> => {
      const { rows } = await pool.query(SHAPE);
      return rows;
    },
    /** Terms and counts that do not follow from the profiles. */
    directoryFaults: async (): Promise<unknown[]> => {
      const { rows } = await pool.query(DIRECTORY_FAULTS);
      return rows;
    },
  };
};

const SHAPE = `
  select relname as name, relacl::text as details,
    (select json_agg(pg_get_indexdef(indexrelid) order by indexrelid::regclass::text) from pg_index
     where indrelid = pg_class.oid) as indexes,
    (select json_agg(pg_get_triggerdef(oid) order by tgname) from pg_trigger where tgrelid = pg_class.oid) as triggers
  from pg_class where relnamespace = 'read'::regnamespace and relkind = 'r' and relname not like '%\\_old'
  union all
  select proname, pg_get_functiondef(oid), null, null from pg_proc
  where pronamespace = 'read'::regnamespace and proname not like '%\\_old'
  order by name`;

const DIRECTORY_FAULTS = `
  with terms as (select user_id, unnest(terms) as term, standing from read.user_profile_v1),
    counts as (select standing, count(*) as users from read.user_profile_v1 group by standing),
    stored_counts as (select standing, users from read.user_count_v1 where users <> 0)
  select 'term' as fault from (
    (select * from terms except select user_id, term, standing from read.user_term_v1)
    union all (select user_id, term, standing from read.user_term_v1 except select * from terms)) as differing_terms
  union all
  select 'count' from (
    (select * from counts except select * from stored_counts)
    union all (select * from stored_counts except select * from counts)) as differing_counts`;
