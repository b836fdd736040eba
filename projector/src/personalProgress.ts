import { wholeName } from '@ums/kit/event-log/wholeName';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { PROJECTIONS } from './projections.js';

/** How far the projections that hold personal data have come. */
export interface PersonalProgress {
  /**
   * In decimal digits; every one of them has handled the events up to it, in copies beside the live tables too. A read of the log
   * has shown that none was missing.
   */
  position: string;
  /** Users whose rows may be older, because an event could not be applied. */
  parked: string[];
}

/** Reads both from one snapshot. Position -1 while one of them has no checkpoint. */
export const personalProgress = async (tx: Transaction): Promise<PersonalProgress> => {
  const names = PROJECTIONS.filter(({ personal }) => personal).map(({ name }) => name);
  const { rows } = await tx.query<PersonalProgress>({
    name: 'find-personal-progress',
    text: `select least(min(coalesce(checkpoint.position, -1)), min(whole.position)) as position,
             array(select distinct key::text from read.parked where projection = any($1)) as parked
           from unnest($1::text[], $2::text[]) as wanted (name, whole_name) left join read.checkpoint using (name)
           left join read.checkpoint as whole on whole.name = wanted.whole_name`,
    values: [names, names.map(wholeName)],
  });
  return rows[0] ?? { position: '-1', parked: [] };
};
