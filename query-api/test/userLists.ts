import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { UserPage } from '@ums/contracts/http/directory';
import type { World } from './world.js';

/** Requests of an administrator for lists of users. */
export const userLists = (world: World) => {
  const admin = world.token(randomUUID(), { roles: ['admin'] });

  const page = async (parameters: Record<string, string>): Promise<UserPage> => {
    const response = await world.get(`/users?${new URLSearchParams(parameters)}`, admin);
    expect(response.status).toBe(200);
    return (await response.json()) as UserPage;
  };

  /** Reads all pages to the last one, then back to the first one, and expects the same users. @returns their names */
  const walk = async (limit: number, parameters: Record<string, string>): Promise<string[]> => {
    const asked = { ...parameters, limit: String(limit) };
    const pages = [await page(asked)];
    for (let next = pages[0]?.next; typeof next === 'string'; next = pages.at(-1)?.next)
      pages.push(await page({ ...asked, after: next }));
    expect(pages[0]?.previous).toBeNull();
    const names = pages.flatMap(({ items }) => items.map(({ name }) => name));
    const back: string[] = (pages.at(-1)?.items ?? []).map(({ name }) => name);
    for (let previous = pages.at(-1)?.previous; typeof previous === 'string'; ) {
      const earlier = await page({ ...asked, before: previous });
      expect(earlier.items.length).toBeLessThanOrEqual(limit);
      back.unshift(...earlier.items.map(({ name }) => name));
      previous = earlier.previous;
    }
    expect(back).toEqual(names);
    return names;
  };

  /** The fields at fault of a request that is refused with 400. */
  const faults = async (parameters: Record<string, string>) => {
    const response = await world.get(`/users?${new URLSearchParams(parameters)}`, admin);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { field: string; message: string }[] };
    for (const { message } of errors) expect(message).toMatch(/^(must|is) /);
    return errors.map(({ field }) => field);
  };

  return { admin, page, walk, faults };
};
