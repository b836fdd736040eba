import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';

/** The part of a registered user's state that is about their picture. */
export interface Pictures {
  /** The upload that was submitted last, until its outcome is known. */
  submittedPicture: string | undefined;
  /** The picture that is shown. */
  readyPicture: string | undefined;
}

export const NO_PICTURES: Pictures = { submittedPicture: undefined, readyPicture: undefined };

export const withPicture = (
  { readyPicture }: Pictures,
  fact: Extract<Fact<UserEvent>, { type: `ProfilePicture${string}` }>,
): Pictures => {
  switch (fact.type) {
    case 'ProfilePictureSubmitted':
      return { submittedPicture: fact.data.pictureId, readyPicture };
    case 'ProfilePictureAccepted':
      return { submittedPicture: undefined, readyPicture: fact.data.pictureId };
    case 'ProfilePictureRejected':
      return { submittedPicture: undefined, readyPicture };
    case 'ProfilePictureRemoved':
      return NO_PICTURES;
    default:
      return fact satisfies never;
  }
};
