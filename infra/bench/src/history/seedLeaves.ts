import type pg from 'pg';

/** Hashes in a tile. */
const WIDTH = 256;

/**
 * Replaces the tree of the notary by one of so many leaves, put there by SQL. Its hashes are arbitrary: what a proof costs does
 * not depend on them.
 *
 * @returns the id of the event of a leaf
 */
export const seedLeaves = async (pool: pg.Pool, leaves: number): Promise<(index: number) => string> => {
  await pool.query('truncate notary.tile, notary.leaf, notary.checkpoint');
  for (let [level, hashes] = [0, leaves]; hashes > 0; [level, hashes] = [level + 1, Math.floor(hashes / WIDTH)])
    await pool.query(
      `insert into notary.tile (level, index, hashes)
       select $1::smallint, number / $3::bigint, string_agg(sha256(int8send(number)), ''::bytea order by number)
       from generate_series(0, $2::bigint - 1) as numbers (number) group by number / $3::bigint`,
      [level, hashes, WIDTH],
    );
  await pool.query(
    `insert into notary.leaf (event_id, leaf_index)
     select lpad(to_hex(number), 32, '0')::uuid, number from generate_series(0, $1::bigint - 1) as numbers (number)`,
    [leaves],
  );
  await pool.query(`insert into notary.checkpoint (size, root, note) values ($1, sha256(''), 'a note')`, [leaves]);
  await pool.query('analyze notary.tile, notary.leaf, notary.checkpoint');
  return (index) =>
    index
      .toString(16)
      .padStart(32, '0')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
