import { integer } from '@ums/kit/env';

/** Reads for how many days the operator keeps backups. It must be the same for who shows receipts of erasures and who signs them. */
export const backupDays = () => integer({ default: 30, max: 3_650 });
