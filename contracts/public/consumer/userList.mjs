/** What each event does to the state of a user. Types that are not listed change nothing. */
const CHANGES = {
  'users.registered.v1': (_user, { userId, roles }, registeredAt) => ({
    userId,
    status: 'active',
    roles,
    registeredAt,
  }),
  'users.suspended.v1': (user) => ({ ...user, status: 'suspended' }),
  'users.reinstated.v1': (user) => ({ ...user, status: 'active' }),
  'users.role-granted.v1': (user, { role }) => ({ ...user, roles: [...new Set([...user.roles, role])] }),
  'users.role-revoked.v1': (user, { role }) => ({ ...user, roles: user.roles.filter((held) => held !== role) }),
  'users.erased.v1': () => undefined,
};

/**
 * The users, kept up to date by the records of `users.state.v1` and `users.events.v1`. The two topics may be read side by
 * side, each from any offset and with repeats: what counts is the revision of a user.
 */
export const userList = () => {
  /** By user id: the last revision, and the state after it. The state of an erased user is `undefined`. */
  const held = new Map();

  const takeState = (userId, revision, value) => {
    if (revision < (held.get(userId)?.revision ?? 0n)) return 'repeated';
    held.set(userId, { revision, user: value });
    return 'applied';
  };

  const takeEvent = (userId, revision, { type, value, time }) => {
    const { revision: last, user } = held.get(userId) ?? { revision: -1n };
    if (revision <= last) return 'repeated';
    // Events in between are missing. The state topic will bring the state after them. An erasure needs no earlier event.
    if (revision > last + 1n && type !== 'users.erased.v1') return 'gap';
    const isUser = user !== undefined || type === 'users.registered.v1';
    const change = (isUser && CHANGES[type]) || (() => user);
    held.set(userId, { revision, user: change(user, value, time) });
    return 'applied';
  };

  return {
    /** Takes a record whose key, value and headers are text. @returns `applied`, `repeated`, `gap` or `unknown` */
    take: (topic, { key, value, headers }) => {
      const [type, revision] = [headers.ce_type, BigInt(headers.ce_revision)];
      if (topic === 'users.events.v1')
        return takeEvent(key, revision, { type, value: JSON.parse(value), time: headers.ce_time });
      if (type === 'users.state.v1') return takeState(key, revision, JSON.parse(value));
      return value === null ? takeState(key, revision, undefined) : 'unknown';
    },
    /** The users that exist. */
    users: () => [...held.values()].flatMap(({ user }) => (user === undefined ? [] : [user])),
  };
};
