import type { UserEvent } from '@ums/contracts/events/user';
import type { PictureRejection } from '@ums/contracts/processedPicture';
import { mustBeActive } from './requirements.js';
import type { RegisteredUser } from './userState.js';

export type PictureCommand =
  | { type: 'SubmitPicture'; pictureId: string; registrationId?: string }
  /** `rejection`: why nothing was made of the picture; without it, the picture is ready. */
  | { type: 'SettlePicture'; pictureId: string; rejection?: PictureRejection | undefined }
  | { type: 'RemovePicture' };

/** An upload that waits to be processed. @param registrationId of the registration that it was sent with, if it was. */
export const submitted = ({
  pictureId,
  registrationId = null,
}: {
  pictureId: string;
  registrationId?: string | null;
}): UserEvent => ({
  type: 'ProfilePictureSubmitted',
  data: { pictureId, registrationId },
});

/** @throws Refused `account-suspended` */
export const decidePicture = (command: PictureCommand, user: RegisteredUser): UserEvent[] => {
  const replaced = user.readyPicture ?? null;
  switch (command.type) {
    case 'SubmitPicture':
      mustBeActive(user);
      return [submitted(command)];
    case 'SettlePicture': {
      const { pictureId, rejection: reason } = command;
      // A later upload replaced this one, the picture was removed, or this outcome is a repeat.
      if (user.submittedPicture !== pictureId) return [];
      return reason === undefined
        ? [{ type: 'ProfilePictureAccepted', data: { pictureId, replaced } }]
        : [{ type: 'ProfilePictureRejected', data: { pictureId, reason } }];
    }
    case 'RemovePicture': {
      mustBeActive(user);
      const hasPicture = user.submittedPicture !== undefined || user.readyPicture !== undefined;
      return hasPicture ? [{ type: 'ProfilePictureRemoved', data: { replaced } }] : [];
    }
    default:
      return command satisfies never;
  }
};
