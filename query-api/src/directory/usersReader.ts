import type { UserPage } from '@ums/contracts/http/directory';
import type { Snapshot } from '../consistency/snapshot.js';
import type { ReadDeps } from '../profile/profileRow.js';
import { listProfiles } from './listProfiles.js';
import { type PageParameters, pageRequest, parseTermCursor, parseTimeCursor } from './pageCursor.js';
import { searchProfiles } from './searchProfiles.js';
import type { UserFilter } from './userFilter.js';

/** Reads a page in the order that the filter asks for. Each order has cursors of its own. @throws Refused `validation-failed` */
export const usersReader = (
  deps: ReadDeps,
  parameters: PageParameters,
  filter: UserFilter,
): (() => Promise<Snapshot<UserPage>>) => {
  const { prefix } = filter;
  if (prefix === undefined) {
    const request = pageRequest(parameters, parseTimeCursor);
    return () => listProfiles(deps, request, filter);
  }
  const request = pageRequest(parameters, (text) => parseTermCursor(text, prefix));
  return () => searchProfiles(deps, request, { ...filter, prefix });
};
