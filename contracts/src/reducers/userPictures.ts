import type { Fact } from '../events/event.js';
import type { UserEvent } from '../events/user.js';

/** The part of a registered user's state that is about their picture. */
export interface UserPictures {
  /** The upload that was submitted last, until its outcome is known. */
  submittedPicture: string | undefined;
  /** The picture that is shown. */
  readyPicture: string | undefined;
}

export const NO_PICTURES: UserPictures = { submittedPicture: undefined, readyPicture: undefined };

/** The pictures after a fact about them. */
export const withPicture = (
  { readyPicture }: UserPictures,
  fact: Extract<Fact<UserEvent>, { type: `ProfilePicture${string}` }>,
): UserPictures => {
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
