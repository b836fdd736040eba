import { describe, expect, it } from '@jest/globals';
import {
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
    expect(subjectOf(name)).toBeUndefined();
  });

  it('name the subject whose key seals their fields, if any', () => {
    expect([registrationStream(id), userStream(id), signinStream(id)].map(subjectOf)).toEqual([id, id, id]);
    expect([mailStream(id), `picture-${id}`].map(subjectOf)).toEqual([undefined, undefined]);
  });
});
