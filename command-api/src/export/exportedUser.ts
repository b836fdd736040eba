import { KeyObject } from 'node:crypto';
import { type UserProfile, userProfile } from '@ums/contracts/reducers/userProfile';
import { latestCheckpoint, leafIndexes, notSignedYet, type SignedTree } from '@ums/identity/proof/notaryTables';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { Refused } from '@ums/kit/refused';
import type { LoadedUser } from '../user/loadUser.js';
import type { ExportReadDeps } from './exportDeps.js';
import { type RoleChange, roleChanges } from './roleChanges.js';
import { type StoredFile, storedFiles } from './storedFiles.js';

/** A user whose data is to be exported, and what had to be known before anything is sent. */
export interface ExportedUser {
  userId: string;
  registrationId: string;
  key: KeyObject;
  profile: UserProfile;
  roleChanges: readonly RoleChange[];
  files: readonly StoredFile[];
  /** The signed tree that the proof refers to; it holds at least the first event of the user. */
  tree: SignedTree;
}

/**
 * Reads what an export begins with. So it fails before anything is sent if a part of the service is down.
 *
 * @throws Refused `not-found` when the user does not exist or is erased meanwhile, `not-signed-yet`; DependencyUnavailable,
 * MissingKey when the vault has lost the key of a user who was not erased; and errors of the vault.
 */
export const exportedUser = async (
  deps: ExportReadDeps,
  { userId, facts }: Pick<LoadedUser, 'userId' | 'facts'>,
): Promise<ExportedUser> => {
  const [first] = facts;
  const profile = facts.reduce<UserProfile | undefined>(userProfile, undefined);
  const key = (await deps.keys.fresh([userId])).get(userId);
  if (key === undefined) throw new MissingKey();
  if (first?.type !== 'UserRegistered' || profile === undefined || !(key instanceof KeyObject))
    throw new Refused('not-found');
  const { registrationId } = first.data;
  const [tree, files] = await Promise.all([
    treeWith(deps, first.id),
    storedFiles(deps.objects, {
      ...{ userId, registrationId },
      ...{ readyId: profile.picture?.readyId, newestId: profile.picture?.pictureId },
    }),
  ]);
  return { ...{ userId, registrationId, key, profile, tree, files }, roleChanges: roleChanges(facts) };
};

const treeWith = async ({ readUsers }: ExportReadDeps, eventId: string): Promise<SignedTree> => {
  const tree = await latestCheckpoint(readUsers);
  const index = (await leafIndexes(readUsers, [eventId])).get(eventId);
  if (index === undefined || index >= tree.size) throw notSignedYet();
  return tree;
};
