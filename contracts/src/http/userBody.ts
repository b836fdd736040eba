import type { UserProfile } from '../reducers/userProfile.js';
import type { UserBody } from './user.js';

/** The allow-list of what a profile shows over HTTP. */
export const userBody = ({ userId, email, name, status, roles, registeredAt, revision }: UserProfile): UserBody => ({
  id: userId,
  email,
  name,
  status,
  roles,
  registeredAt,
  revision: Number(revision),
  picture: null,
});
