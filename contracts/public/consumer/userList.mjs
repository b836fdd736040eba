const STATES = 'users.state.v1';
const REPLAY = 'users.events.v1.replay';

/**
 * The list of users by the records of the state topic, and which events are news. The topics may be read side by side, each
 * from any offset and with repeats. Each has a revision of its own for a user: states come before the events in them, so that
 * with one revision for both, all events would be repeats. No event creates or changes a user of the list; an erasure in any
 * topic removes the user.
 */
export const userList = () => {
  /** By user id: the last revision in the list, and the state after it. The state of an erased user is `undefined`. */
  const listed = new Map();
  /** By user id: the last revision in the event topic, and the revisions before it that did not come. */
  const followed = new Map();

  const takeState = (userId, revision, user) => {
    if (revision < (listed.get(userId)?.revision ?? 0n)) return 'repeated';
    listed.set(userId, { revision, user });
    return 'applied';
  };

  const takeEvent = (topic, userId, revision) => {
    const { last, missing } = followed.get(userId) ?? { last: -1n, missing: new Set() };
    // The replay topic holds what others asked for, too: only what is missing here is news.
    if (topic === REPLAY || revision <= last) return missing.delete(revision) ? 'applied' : 'repeated';
    for (let lost = last + 1n; lost < revision; lost++) missing.add(lost);
    followed.set(userId, { last: revision, missing });
    return revision === last + 1n ? 'applied' : 'gap';
  };

  return {
    /**
     * Takes a record whose key, value and headers are text.
     *
     * @returns `applied`: a state for the list, or an event to react to; `gap`: an event to react to, and those before it are
     * lost or older than the start; `repeated` and `unknown`: nothing to do
     */
    take: (topic, { key, value, headers }) => {
      const [type, revision] = [headers.ce_type, BigInt(headers.ce_revision)];
      if (type === 'users.erased.v1') takeState(key, revision, undefined);
      if (topic !== STATES) return takeEvent(topic, key, revision);
      if (type === 'users.state.v1') return takeState(key, revision, JSON.parse(value));
      return value === null ? takeState(key, revision, undefined) : 'unknown';
    },
    /** The users that exist. */
    users: () => [...listed.values()].flatMap(({ user }) => (user === undefined ? [] : [user])),
  };
};
