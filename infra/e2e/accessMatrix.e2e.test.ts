import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../kit/test/ask.js';
import { cellsOf } from './test/access/accessCells.js';
import { ACCESS_ROWS } from './test/access/accessRows.js';
import { type AccessService, startAccessService } from './test/access/accessService.js';
import { slugOf } from './test/apiClient.js';

const USER_FIELDS = [
  'id',
  'email',
  'name',
  'status',
  'roles',
  'locale',
  'registeredAt',
  'revision',
  'picture',
  'mailBlock',
];

let service: AccessService;
beforeAll(async () => {
  service = await startAccessService();
}, 300_000);
afterAll(() => service.close());

/** The users that an answer shows. */
const usersIn = ({ json }: HttpAnswer): object[] =>
  [json?.user ?? json?.items ?? json].flat().filter((one) => one?.email !== undefined);

describe.each(Object.entries(ACCESS_ROWS))('%s', (operation, row) => {
  it.each(cellsOf(operation, row))('Z-01 Z-05 answers $caller on $target: $answer', async (cell) => {
    const answer = await service.answerTo(operation, row, cell);
    const slug = answer.status >= 400 ? slugOf(answer) : undefined;
    expect([answer.status, slug].join(' ').trim()).toBe(cell.answer);
    const users = usersIn(answer);
    expect(users).toHaveLength(answer.status < 300 ? (row.users ?? 0) : 0);
    for (const user of users) expect(Object.keys(user).sort()).toEqual([...USER_FIELDS].sort());
  });
});
