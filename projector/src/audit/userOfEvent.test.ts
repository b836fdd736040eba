import { describe, expect, it } from '@jest/globals';
import { mailStream, pictureStream, registrationStream, signinStream, userStream } from '@ums/contracts/streams';
import { userOfEvent } from './userOfEvent.js';

const USER = '0199c0de-0000-4000-8000-000000000001';
const OTHER = '0199c0de-0000-4000-8000-000000000002';

describe('the user whom an event concerns', () => {
  it('is the one its stream is named after, whatever the data says', () => {
    for (const stream of [userStream(USER), signinStream(USER)])
      for (const data of [{}, { userId: OTHER }, 'not json']) expect(userOfEvent({ stream, data })).toBe(USER);
  });

  it('is the one that the data names where the stream is of something else', () => {
    for (const stream of [registrationStream(OTHER), pictureStream(OTHER)])
      expect(userOfEvent({ stream, data: { userId: USER } })).toBe(USER);
  });

  it('is nobody where neither names a user', () => {
    for (const data of [{}, { userId: null }, { userId: 'Ada' }, null, 'not json'])
      expect(userOfEvent({ stream: mailStream(OTHER), data })).toBeNull();
  });
});
