import type { UserProfile } from '../reducers/userProfile.js';
import type { UserBody } from './user.js';

/** The body of a profile response. A fixed list of fields, so that new profile fields are not exposed by accident. */
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
