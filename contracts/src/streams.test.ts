import { describe, expect, it } from '@jest/globals';
import {
  accessStream,
  grantStream,
  LOG_IDENTITY_STREAM,
  mailStream,
  parseStream,
  registrationStream,
  signinStream,
  subjectOf,
  userStream,
} from './streams.js';

const id = '0199c0de-0000-4000-8000-000000000001';

describe('stream names', () => {
  it('parse to the category and id they were made from', () => {
    expect(parseStream(registrationStream(id))).toEqual({ category: 'registration', id });
    expect(parseStream(userStream(id))).toEqual({ category: 'user', id });
    expect(parseStream(signinStream(id))).toEqual({ category: 'signin', id });
    expect(parseStream(mailStream(id))).toEqual({ category: 'mail', id });
    expect(parseStream(`picture-${id}`)).toEqual({ category: 'picture', id });
    expect(parseStream(grantStream(id))).toEqual({ category: 'grant', id });
    expect(parseStream(accessStream(id))).toEqual({ category: 'access', id });
  });

  it.each([
    LOG_IDENTITY_STREAM,
    '$scavenges',
    `$$user-${id}`,
    `user-${id.toUpperCase()}`,
    `user-${id}\n`,
    'user-1',
    `admin-${id}`,
    '',
  ])('%j is not a stream name of this service', (name) => {
    expect(parseStream(name)).toBeUndefined();
    expect(subjectOf(name, { userId: id })).toBeUndefined();
  });

  it('name the subject whose key seals their fields, if any', () => {
    const data = { userId: '0199c0de-0000-4000-8000-000000000002' };
    for (const stream of [registrationStream(id), userStream(id), signinStream(id)])
      expect(subjectOf(stream, data)).toBe(id);
    for (const stream of [mailStream(id), `picture-${id}`, accessStream(id)])
      expect(subjectOf(stream, data)).toBeUndefined();
  });

  it('name no subject of a grant: its data does', () => {
    const userId = '0199c0de-0000-4000-8000-000000000002';
    expect(subjectOf(grantStream(id), { userId })).toBe(userId);
    for (const data of [{}, { userId: 'Ada' }, { userId: null }, null, undefined, 'userId'])
      expect(subjectOf(grantStream(id), data)).toBeUndefined();
  });
});
