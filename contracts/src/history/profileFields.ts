import type { PictureRejection } from '../processedPicture.js';
import type { MailBlock, ProfilePicture, UserProfile } from '../reducers/userProfile.js';

/** What history compares of a profile: all fields but the id, which never changes, and the revision, which always does. */
export type ProfileField = Exclude<keyof UserProfile, 'userId' | 'revision'>;

/** A picture without the ids of uploads, which the API does not show. */
export interface PictureState {
  status: ProfilePicture['status'];
  reason?: PictureRejection;
}

/** The value of a field. `null`: the field has none, or there is no profile. */
export type FieldValue = string | string[] | PictureState | MailBlock | null;

/** The fields in the order in which changes list them. The type requires every field of the profile. */
const READERS: Readonly<Record<ProfileField, (profile: UserProfile) => FieldValue>> = {
  email: ({ email }) => email,
  name: ({ name }) => name,
  status: ({ status }) => status,
  roles: ({ roles }) => roles,
  locale: ({ locale }) => locale,
  registeredAt: ({ registeredAt }) => registeredAt,
  picture: ({ picture }) => (picture === undefined ? null : pictureState(picture)),
  mailBlock: ({ mailBlock }) => mailBlock ?? null,
};

export const PROFILE_FIELDS = Object.keys(READERS) as ProfileField[];

export const fieldOf = (profile: UserProfile | undefined, field: ProfileField): FieldValue =>
  profile === undefined ? null : READERS[field](profile);

const pictureState = ({ status, reason }: ProfilePicture): PictureState => ({
  status,
  ...(reason === undefined ? {} : { reason }),
});
