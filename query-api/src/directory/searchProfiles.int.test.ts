import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { userLists } from '../../test/userLists.js';
import { createWorld, type World } from '../../test/world.js';

let world: World;
let lists: ReturnType<typeof userLists>;
beforeAll(async () => {
  world = await createWorld();
  lists = userLists(world);
});
afterAll(() => world.close());
beforeEach(() => world.read.query('truncate read.user_profile_v1'));

/** Adds users whose address begins with a letter that no search begins with: an id may begin with `ad` or `da`. */
const add = async (...names: string[]): Promise<void> => {
  for (const name of names) {
    const id = randomUUID();
    await world.addUser({ id, name, email: `q${id}@example.org` });
  }
};
const found = async (search: string): Promise<string[]> => (await lists.page({ search })).items.map(({ name }) => name);

describe('GET /users?search=', () => {
  it('finds users by the beginning of their name, of a word of it, and of their address', async () => {
    await add('Ada King Lovelace', 'Grace Hopper', 'Adele Goldberg');
    await world.addUser({ id: randomUUID(), name: 'Linus', email: 'goldfish@example.org' });
    expect(await found('ada king')).toEqual(['Ada King Lovelace']);
    expect(await found('ad')).toEqual(['Ada King Lovelace', 'Adele Goldberg']);
    expect(await found('king l')).toEqual(['Ada King Lovelace']);
    expect(await found('gold')).toEqual(['Adele Goldberg', 'Linus']);
    expect(await found('goldfish@example.org')).toEqual(['Linus']);
    await world.addUser({ id: randomUUID(), name: 'Jo', email: 'jo@xn--bcher-kva.example' });
    for (const address of ['jo@xn--bcher', 'jo@bücher.example', ' JO@Bücher.Example ', 'jo@xn--bcher-kva.example'])
      expect(await found(address)).toEqual(['Jo']);
    for (const inside of ['da', 'ing', 'example.org', 'ada lovelace', '%', '_'])
      expect(await found(inside)).toEqual([]);
  });

  it('I-01 takes 100 characters, of which each may be two UTF-16 units, and no more', async () => {
    expect(await found('\u{1d400}'.repeat(100))).toEqual([]);
    const admin = world.token(randomUUID(), { roles: ['admin'] });
    for (const search of ['\u{1d400}'.repeat(101), 'a'.repeat(101), 'a'.repeat(1_001)]) {
      const response = await world.get(`/users?search=${encodeURIComponent(search)}`, admin);
      const errors = [{ field: 'search', message: 'must have at most 100 characters' }];
      expect(await response.json()).toMatchObject({ status: 400, errors });
    }
  });

  it.each([
    ['Zoë Müller', ['zoe', 'ZOË', 'Zoe\u0308 MÜ', 'muller']],
    ['Łukasz Straße', ['lukasz', 'ŁU', 'strasse', 'STRAẞE']],
    ['Οδυσσεύς', ['οδυς', 'ΟΔΥΣΣΕΎΣ', 'οδυσσευς']],
    ['İbrahim Işık', ['ibrahim', 'isik', 'IŞIK', 'ışık']],
    ['李小龍', ['李', '李小龍']],
    ['محمد', ['مُحَمَّد', 'مح']],
    ['O’Brien', ["o'brien", 'brien']],
  ])('finds %s by its letters in any case, with and without accents', async (name, searches) => {
    await add(name, 'Eve');
    for (const search of searches) expect([search, await found(search)]).toEqual([search, [name]]);
  });

  it('lists users in order of what the search finds them by, each once, on pages of any size and both ways', async () => {
    await add('Ann Zed', 'Bob Anders', 'Anna Ann', 'Ännchen', 'Cy Andrew Ann', 'Zed', 'ann zed');
    for (let index = 0; index < 12; index += 1) await world.addUser({ id: randomUUID(), name: 'Ann Equal' });
    const equal = Array<string>(12).fill('Ann Equal');
    for (const limit of [1, 2, 5, 19, 100]) {
      const names = await lists.walk(limit, { search: 'ann' });
      expect(names.slice(0, 2).sort()).toEqual(['Anna Ann', 'Cy Andrew Ann']);
      expect(names.slice(2, 14)).toEqual(equal);
      expect(names.slice(14, 16).sort()).toEqual(['Ann Zed', 'ann zed']);
      expect(names.slice(16)).toEqual(['Ännchen']);
    }
    expect(await lists.walk(2, { search: 'and' })).toEqual(['Bob Anders', 'Cy Andrew Ann']);
  });

  it('neither skips nor repeats users while others are added, renamed and erased', async () => {
    await add(...Array.from({ length: 20 }, (_, index) => `Ann ${String.fromCharCode(97 + index)}`));
    const names: string[] = [];
    for (let after = ''; ; ) {
      const { items, next } = await lists.page({ search: 'ann', limit: '3', ...(after && { after }) });
      names.push(...items.map(({ name }) => name));
      if (next === null) break;
      after = next;
      await world.read.query('delete from read.user_profile_v1 where name = $1', [items.at(-1)?.name]);
      await add('Ann 0');
    }
    expect(names).toHaveLength(20);
    expect(new Set(names).size).toBe(20);
  });

  it('applies all filters together, and goes on behind more matches than one page looks at', async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    for (let index = 0; index < 1_050; index += 1)
      await world.addUser({ id: randomUUID(), name: `Ann ${index}`, registeredAt: at(1) });
    const late = { name: 'Ann Late', registeredAt: at(5) };
    await world.addUser({ ...late, id: randomUUID(), roles: ['user', 'auditor'], status: 'suspended' });
    await world.addUser({ ...late, id: randomUUID(), name: 'Ann Later', roles: ['user', 'auditor'] });
    await world.addUser({ ...late, id: randomUUID(), name: 'Bob', roles: ['auditor'] });
    const from = { search: 'ann', registeredFrom: '2026-01-02T00:00:00Z' };
    expect(await lists.walk(10, from)).toEqual(['Ann Late', 'Ann Later']);
    const first = await lists.page(from);
    expect([first.items, first.next]).toEqual([[], expect.any(String)]);
    expect(await lists.walk(1, { ...from, role: 'auditor' })).toEqual(['Ann Late', 'Ann Later']);
    expect(await lists.walk(1, { ...from, role: 'auditor', status: 'suspended' })).toEqual(['Ann Late']);
    expect(await lists.walk(1, { search: 'ann', role: 'auditor', registeredTo: '2026-01-04T00:00:00Z' })).toEqual([]);
  }, 180_000);

  it('leads both ways from an empty page, also to the user at whom the page beside it stopped', async () => {
    const [early, late] = [new Date(Date.UTC(2026, 0, 1)), new Date(Date.UTC(2026, 0, 5))];
    // A page looks at 250 matches: the first one stops at Ann 249, and the way back from there at Ann 000.
    const names = Array.from({ length: 260 }, (_, index) => `Ann ${String(index).padStart(3, '0')}`);
    const shown = ['Ann 000', 'Ann 249'];
    for (const name of names)
      await world.addUser({ id: randomUUID(), name, registeredAt: shown.includes(name) ? late : early });
    const from = { search: 'ann', registeredFrom: '2026-01-02T00:00:00Z' };
    expect(await lists.walk(10, from)).toEqual(shown);
    const first = await lists.page(from);
    const end = await lists.page({ ...from, after: String(first.next) });
    const back = await lists.page({ ...from, before: String(end.previous) });
    const start = await lists.page({ ...from, before: String(back.previous) });
    expect([end.items, start.items, start.previous]).toEqual([[], [], null]);
    const again = await lists.page({ ...from, after: String(start.next) });
    expect(again.items.map(({ name }) => name)).toEqual(shown);
  }, 180_000);

  it.each([
    [{ search: '' }, 'search'],
    [{ search: ' \u200D ' }, 'search'],
    [{ search: 'x'.repeat(101) }, 'search'],
    [{ search: 'ann', after: 'no-cursor' }, 'after'],
    [
      { search: 'ann', before: Buffer.from(`2026-01-01T00:00:00.000Z ${randomUUID()}`).toString('base64url') },
      'before',
    ],
    [{ search: 'ann', after: Buffer.from(`bob\0${randomUUID()}`).toString('base64url') }, 'after'],
    [{ search: 'ann', after: Buffer.from(`ann\0\0${randomUUID()}`).toString('base64url') }, 'after'],
    [{ search: 'ann', after: Buffer.from(`ann\0${randomUUID()}`).toString('base64url').slice(0, -1) }, 'after'],
    [{ after: Buffer.from(`ann\0${randomUUID()}`).toString('base64url') }, 'after'],
  ])('I-02 I-03 refuses %j and names the field', async (parameters, field) => {
    expect(await lists.faults(parameters)).toEqual([field]);
  });

  it('answers 503 until rows of a version without search are filled', async () => {
    await add('Ada');
    await world.read.query('update read.user_profile_v1 set terms = null, standing = null');
    for (const query of ['?search=ada', '?role=user', '/summary']) {
      const response = await world.get(`/users${query}`, lists.admin);
      expect([query, response.status, response.headers.get('retry-after')]).toEqual([query, 503, '5']);
      expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/not-yet-visible' });
    }
    expect((await lists.page({})).items).toHaveLength(1);
  });
});
