import type pg from 'pg';

/** How the vault sees a registration and its address now. */
export interface Standing {
  expiresAt: Date;
  expired: boolean;
  completed: boolean;
  /** `false` = a limit forbade its mail; the work was the same. */
  mail: boolean;
  /** Whose the address is: nobody's yet, this registration's own account's, or another's. */
  address: 'free' | 'own' | 'taken';
}

const STANDING = `
  select r.expires_at, r.expires_at <= now() as expired, r.completed_at is not null as completed, r.mail,
    case when a.mac is null then 'free' when c.registration_id = r.id then 'own' else 'taken' end as address
  from registration r
    left join address a on a.mac = $2
    left join account c on c.user_id = a.user_id
  where r.id = $1`;

interface Row extends Omit<Standing, 'expiresAt'> {
  expires_at: Date;
}

/** `undefined` when the registration has ended and its row is gone. */
export const standingOf = async (
  vault: pg.Pool,
  registrationId: string,
  addressMac: Buffer,
): Promise<Standing | undefined> => {
  const { rows } = await vault.query<Row>(STANDING, [registrationId, addressMac]);
  const row = rows[0];
  if (row === undefined) return undefined;
  const { expires_at: expiresAt, ...rest } = row;
  return { expiresAt, ...rest };
};
