import { withTransaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { copyOf, existingCopies } from '../projection/copies.js';
import type { Projection } from '../projection/projection.js';
import { lockLive } from './createNext.js';
import { renameTables } from './renameTables.js';
import { requireSameShape } from './requireSameShape.js';
import { readDefinitions } from './tableDefinitions.js';

/**
 * Makes the tables `old` of a projection `next`, so that a rebuild continues from their checkpoint and a switch brings
 * them back.
 *
 * @throws StartRefused when there is no `old`, or a `next` beside it.
 */
export const restoreOld = (pool: pg.Pool, projection: Projection): Promise<void> =>
  withTransaction(pool, async (tx) => {
    await lockLive(tx, projection);
    const copies = await existingCopies(tx, projection);
    const { name } = projection;
    if (!copies.includes('old')) throw new StartRefused(`There are no tables of ${name} from before a switch.`);
    if (copies.includes('next'))
      throw new StartRefused(`A rebuild of ${name} is in progress; run drop ${name} next first.`);
    await requireSameShape(tx, projection, 'old');
    await renameTables(tx, projection, await readDefinitions(tx, projection), ['old', 'next']);
    await tx.query({
      name: 'rename-checkpoint',
      text: 'update read.checkpoint set name = $2 where name = $1',
      values: [copyOf(projection, 'old').name, copyOf(projection, 'next').name],
    });
  });
