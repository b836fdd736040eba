import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pictureKey, uploadKey } from '@ums/contracts/pictureKeys';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { serviceCause } from '@ums/kit/facts/cause';
import {
  confirmedUser,
  newestRegistration,
  registrationToken,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { changeUser } from '../change/changeUser.js';
import { decide, type UserCommand } from '../user/decide.js';
import { loadUser } from '../user/loadUser.js';
import { unfinishedErasures } from './erasureRow.js';
import { finishErasure } from './finishErasure.js';

const MINUTE_MS = 60_000;

describe('finishErasure', () => {
  let deps: TestCommands;
  let neighbour: string;
  beforeAll(async () => {
    deps = await testCommands();
    neighbour = pictureKey(randomUUID(), randomUUID(), 64);
    await store(neighbour);
  });
  afterAll(() => deps.close());

  const store = (key: string) =>
    deps.objects.put(key, Buffer.from('a person'), { contentType: 'image/webp', maxBytes: 100 });
  const change = (userId: string, command: UserCommand) => {
    const cause = serviceCause('keeper', { id: randomUUID(), correlationId: randomUUID() });
    return changeUser(deps, { userId, cause, decide: (user) => decide(command, user) });
  };
  const erase = (userId: string) => change(userId, { type: 'StartErasureByAdministrator' });
  const finish = async (userId: string) => {
    const row = (await unfinishedErasures(deps.vault)).find((each) => each.userId === userId);
    return finishErasure(deps, row ?? { userId, registrationIds: [] }, 'keeper');
  };
  const unfinished = async () => (await unfinishedErasures(deps.vault)).map(({ userId }) => userId);
  const userWithPicture = async (email: string) => {
    const userId = await confirmedUser(deps, email);
    const pictureId = randomUUID();
    await change(userId, { type: 'SubmitPicture', pictureId });
    await store(uploadKey(userId, { pictureId, registrationId: null }));
    return { userId, pictureId };
  };

  it('G-03 deletes the objects of the user before it appends UserErased, and those of no other user', async () => {
    const { userId, pictureId } = await userWithPicture('ready@example.org');
    await change(userId, { type: 'SettlePicture', pictureId });
    const [first] = (await loadUser(deps, userId)).facts;
    const registrationId = first?.type === 'UserRegistered' ? first.data.registrationId : '';
    await store(pictureKey(userId, pictureId, 512));
    await store(uploadKey(userId, { pictureId, registrationId }));
    await erase(userId);
    await finish(userId);
    expect(deps.objects.keys()).toEqual([neighbour]);
    expect(await stateOf(deps, userId)).toMatchObject({ finished: true });
  });

  it('G-03 deletes the uploads of other registrations of the address, which the erasure deletes too', async () => {
    const email = 'twice@example.org';
    const userId = await confirmedUser(deps, email);
    await registrationToken(deps, email);
    const registrationId = await newestRegistration(deps, email);
    await store(uploadKey(userId, { pictureId: randomUUID(), registrationId }));
    await erase(userId);
    await finish(userId);
    expect(deps.objects.keys()).toEqual([neighbour]);
  });

  it('F-27 leaves the erasure unfinished while the object storage is down', async () => {
    const userId = await confirmedUser(deps, 'down@example.org');
    await erase(userId);
    deps.objects.setDown(true);
    await expect(finish(userId)).rejects.toThrow(DependencyUnavailable);
    expect(await stateOf(deps, userId)).toMatchObject({ finished: false });
    expect(await unfinished()).toContain(userId);
    deps.objects.setDown(false);
    await finish(userId);
    expect(await stateOf(deps, userId)).toMatchObject({ finished: true });
    expect(await unfinished()).not.toContain(userId);
  });

  it('G-03 deletes again after a minute when a picture was being processed', async () => {
    const { userId, pictureId } = await userWithPicture('processing@example.org');
    await erase(userId);
    await finish(userId);
    expect(deps.objects.keys()).toEqual([neighbour]);
    expect(await stateOf(deps, userId)).toMatchObject({ finished: false });
    await store(pictureKey(userId, pictureId, 64));
    deps.clock.advance(MINUTE_MS);
    await finish(userId);
    expect(deps.objects.keys()).toEqual([neighbour]);
    expect(await stateOf(deps, userId)).toMatchObject({ finished: true });
  });
});
