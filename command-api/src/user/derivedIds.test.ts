import { describe, expect, it } from '@jest/globals';
import {
  emailChangeEventId,
  pictureSettledId,
  registeredPictureId,
  registrationCompletedId,
  requestedEventId,
  signinEventId,
  userErasedId,
  userIdOf,
  userRegisteredId,
} from './derivedIds.js';

const ID = '7b1c0a52-3f6e-4d2b-9a84-0c5d6e7f8a91';
const SESSION = '0d9f7c3e-51b2-4c68-8e1f-2a3b4c5d6e7f';

describe('derived ids', () => {
  it('stay the same, because the log holds them', () => {
    expect({
      user: userIdOf(ID),
      userRegistered: userRegisteredId(ID),
      registrationCompleted: registrationCompletedId(ID),
      userErased: userErasedId(ID),
      registeredPicture: registeredPictureId(ID),
      pictureSettled: pictureSettledId(ID),
      emailChanged: emailChangeEventId('EmailChanged', ID),
      emailChangeUndone: emailChangeEventId('EmailChangeUndone', ID),
      sessionStarted: signinEventId({ type: 'SessionStarted', data: { sessionId: SESSION } }),
      sessionEnded: signinEventId({ type: 'SessionEnded', data: { sessionId: SESSION, reason: 'logout' } }),
      requested: requestedEventId('ab12', `user-${ID}`, 0),
    }).toEqual({
      user: 'cccb59cf-5f7f-5958-a232-5c7a4725bdcf',
      registeredPicture: '3fbc1cf9-861d-5bff-810a-29a6cd400731',
      pictureSettled: 'ef931856-4c7e-5dc7-bd98-929f2f2cd8f2',
      userRegistered: '2228075f-7542-5cf0-8a0c-1ebe3806f594',
      registrationCompleted: 'a97ec0c5-6838-53ae-84b0-862aeae725ed',
      userErased: 'a68d4061-6e34-5722-ae82-5e3e690023aa',
      emailChanged: '074fabcc-d8da-520c-b593-100160a40798',
      emailChangeUndone: 'bf93013e-475b-56e1-a5e2-8ca6dbcd8e61',
      sessionStarted: 'a9e6a5d8-ec56-56ac-a9a6-8a43bf7f7a4a',
      sessionEnded: '70632165-f92f-5de4-8015-5ebb066c04d0',
      requested: 'b96a7dbe-520b-597e-b813-8cdd7feac86b',
    });
  });
});
