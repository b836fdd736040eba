import type pg from 'pg';

/** A checkpoint in the table of the notary that is to be published. */
export interface UnpublishedCheckpoint {
  /** Rises from one checkpoint to the next. */
  id: string;
  note: string;
  signedAt: Date;
}

const AFTER_PUBLISHED = `from notary.checkpoint
  where id > coalesce((select checkpoint_id from notary.published where place = $1), 0)`;

/** The checkpoints that a place has not acknowledged, oldest first, at most `limit`. */
export const unpublished = async (pool: pg.Pool, place: string, limit: number): Promise<UnpublishedCheckpoint[]> => {
  const { rows } = await pool.query<UnpublishedCheckpoint>({
    name: 'find-unpublished-checkpoints',
    text: `select id, note, signed_at as "signedAt" ${AFTER_PUBLISHED} order by id limit $2`,
    values: [place, limit],
  });
  return rows;
};

/** How many they are, at most `limit`. */
export const countUnpublished = async (pool: pg.Pool, place: string, limit: number): Promise<number> => {
  const { rows } = await pool.query<{ count: string }>({
    name: 'count-unpublished-checkpoints',
    text: `select count(*) as count from (select ${AFTER_PUBLISHED} limit $2) as unpublished`,
    values: [place, limit],
  });
  return Number(rows[0]?.count ?? 0);
};

/**
 * Notes the Kafka cluster on which a place is. On another cluster than before, the place has no checkpoint. Where the cluster is not
 * known, now or from before, it counts as the same.
 *
 * @returns the cluster before, if it was another one.
 */
export const noteCluster = async (
  pool: pg.Pool,
  place: string,
  clusterId: string | undefined,
): Promise<string | undefined> => {
  if (clusterId === undefined) return undefined;
  const { rows } = await pool.query<{ clusterId: string | null }>({
    name: 'find-cluster-of-place',
    text: 'select cluster_id as "clusterId" from notary.published where place = $1',
    values: [place],
  });
  const before = rows[0]?.clusterId ?? undefined;
  if (before === clusterId) return undefined;
  await pool.query({
    name: 'note-cluster-of-place',
    text: `insert into notary.published as stored (place, checkpoint_id, cluster_id) values ($1, 0, $2)
           on conflict (place) do update set cluster_id = excluded.cluster_id,
             checkpoint_id = case when stored.cluster_id is null then stored.checkpoint_id else 0 end`,
    values: [place, clusterId],
  });
  return before;
};

/** Notes that a place has acknowledged the checkpoints up to this one. */
export const notePublished = async (pool: pg.Pool, place: string, id: string): Promise<void> => {
  await pool.query({
    name: 'note-published-checkpoint',
    text: `insert into notary.published as stored (place, checkpoint_id) values ($1, $2)
           on conflict (place) do update set checkpoint_id = greatest(stored.checkpoint_id, excluded.checkpoint_id)`,
    values: [place, id],
  });
};
