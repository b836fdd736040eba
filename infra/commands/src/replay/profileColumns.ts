import type { PastUserBody } from '@ums/contracts/http/history';
import { type Columns, member } from './recordFormat.js';
import { shownValue } from './shownValue.js';

const shown = (name: 'email' | 'name' | 'roles' | 'picture' | 'mailBlock', width: number) => ({
  ...{ name, width },
  value: (profile: PastUserBody) => shownValue(profile[name]),
});

const ALL = [
  ...[member<PastUserBody>('id', 36), member<PastUserBody>('revision', 8), member<PastUserBody>('status', 9)],
  ...[shown('email', 28), shown('name', 20), shown('roles', 12), member<PastUserBody>('locale', 6)],
  ...[member<PastUserBody>('registeredAt', 24), shown('picture', 22), shown('mailBlock', 0)],
];

export const PROFILE_COLUMNS: Columns<PastUserBody> = { csv: ALL, table: ALL };
