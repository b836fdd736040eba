import type { PublicContent } from '../messages/publicContent.js';
import type { Role } from '../roles.js';

/** What other systems may know of a user. No personal data. The value of a record of the state topic. */
export interface PublicState {
  userId: string;
  status: 'active' | 'suspended';
  roles: Role[];
  /** ISO 8601, UTC; absent if the registration has no valid time. */
  registeredAt?: string;
}

/**
 * Reduces the public contents of a user's events, in order, to the public state. Never throws, and does not change its
 * arguments. A consumer that folds the event topic with it gets what the state topic holds.
 *
 * @returns the next state; `undefined` when there is none (never registered, or erased).
 */
export const publicState = (state: PublicState | undefined, content: PublicContent): PublicState | undefined => {
  if (content.type === 'users.registered.v1') return registered(content, content.data.roles);
  if (state === undefined) return undefined;
  switch (content.type) {
    case 'users.role-granted.v1':
      return { ...state, roles: [...new Set([...state.roles, content.data.role])] };
    case 'users.role-revoked.v1': {
      const { role } = content.data;
      return { ...state, roles: state.roles.filter((held) => held !== role) };
    }
    case 'users.suspended.v1':
      return { ...state, status: 'suspended' };
    case 'users.reinstated.v1':
      return { ...state, status: 'active' };
    case 'users.erased.v1':
      return undefined;
    case 'users.changed.v1':
    case 'users.other.v1':
      return state;
    default:
      content satisfies never;
      return state;
  }
};

const registered = ({ userId, at }: PublicContent, roles: Role[]): PublicState => ({
  ...{ userId, status: 'active', roles },
  ...(at === undefined ? {} : { registeredAt: at }),
});
