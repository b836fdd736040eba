import type pg from 'pg';

/** Whether the address gets no mail, because one came back or its recipient complained. @param mac from `addressMac` */
export const isMailBlocked = async (vault: pg.Pool, mac: Buffer): Promise<boolean> => {
  const { rowCount } = await vault.query({
    name: 'find-mail-block',
    text: 'select from mail_block where mac = $1',
    values: [mac],
  });
  return rowCount === 1;
};
