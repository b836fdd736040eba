import pg from 'pg';

/**
 * Writes everything that was put into Postgres to the disk, so that its checkpointer does not work during the reads that are
 * measured next. @param url of any database, as the superuser
 */
export const flushWrites = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
};
