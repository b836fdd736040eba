import { describe, expect, it } from '@jest/globals';
import { open, seal } from '../../test/fixture.js';
import { event } from '../events/declaration.js';
import { id, oneOf, personal } from '../events/fields.js';
import { storedForm } from './storedForm.js';

/** An event with an earlier shape: its `mail` became `email`, and `floor` is new. */
const form = storedForm({
  UserMoved: event(
    { email: personal, floor: oneOf('ground', 'upper') },
    {
      storedAs: 'UserMoved.v2',
      earlier: {
        UserMoved: { fields: { mail: personal }, upcast: ({ mail }) => ({ email: mail, floor: 'ground' }) },
      },
    },
  ),
  UserLeft: event({ roomId: id }),
});

const ID = '0199c0de-0000-4000-8000-000000000001';
const place = { stream: `user-${ID}`, eventId: ID };
const recorded = (type: string, data: unknown) => ({
  ...{ id: ID, stream: place.stream, revision: 0n, position: 1n, type, data, metadata: {} },
});

describe('the stored form of declared events', () => {
  it('writes the current shape under its stored name and seals what is declared personal', () => {
    const stored = form.encode({ type: 'UserMoved', data: { email: 'ada@example.org', floor: 'upper' } }, place, seal);
    expect(stored.type).toBe('UserMoved.v2');
    expect(JSON.stringify(stored)).not.toContain('ada@example.org');
    expect(form.decode(recorded(stored.type, stored.data), open)).toEqual({
      type: 'UserMoved',
      data: { email: 'ada@example.org', floor: 'upper' },
    });
  });

  it('F-33 reads an earlier shape as the current one', () => {
    const sealed = seal({ subject: ID, storedType: 'UserMoved', eventId: ID, field: 'mail' }, 'ada@example.org');
    expect(form.decode(recorded('UserMoved', { mail: sealed }), open)).toEqual({
      type: 'UserMoved',
      data: { email: 'ada@example.org', floor: 'ground' },
    });
    expect(form.storedNames).toEqual(['UserMoved.v2', 'UserMoved', 'UserLeft']);
    expect(['UserMoved', 'UserMoved.v2', 'UserMoved.v3'].map(form.currentType)).toEqual([
      'UserMoved',
      'UserMoved',
      undefined,
    ]);
    expect(['UserMoved', 'UserMoved.v2', 'UserLeft'].map(form.holdsSealed)).toEqual([true, true, false]);
  });

  it('writes only declared fields, and refuses text in place of an id', () => {
    const written = form.encode({ type: 'UserLeft', data: { roomId: ID, note: 'Ada was here' } }, place, seal);
    expect(written.data).toEqual({ roomId: ID });
    const named = { type: 'UserLeft', data: { roomId: 'the room of Ada Lovelace' } };
    expect(() => form.encode(named, place, seal)).toThrow('UserLeft.roomId cannot be written');
    expect(() => form.encode({ type: 'UserFlew', data: {} }, place, seal)).toThrow('UserFlew is not declared');
  });
});
