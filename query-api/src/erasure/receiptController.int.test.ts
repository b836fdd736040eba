import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ErasureReceiptBody, ErasureStepsBody } from '@ums/contracts/http/erasure';
import { receiptStatement } from '@ums/contracts/proof/erasureReceipt';
import { createWorld, type World } from '../../test/world.js';

const POSITION = 700n;
const [BEFORE, ERASED, LATER] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.010Z', '2026-01-01T12:00:01.000Z'];
const DAY_MS = 86_400_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.vaultProxy.set('pass');
  await world.readProxy.set('pass');
  await world.read.query(`delete from read.checkpoint where name = 'publisher'`);
  await world.moveCheckpoint(POSITION);
});

interface StoredTimes {
  picturesAt?: string | Date;
  mailAt?: string | Date;
  diskAt?: string | Date;
}

const store = async ({ picturesAt, mailAt, diskAt }: StoredTimes = {}) => {
  const [receipt, userId] = [randomUUID(), randomUUID()];
  await world.vault.query(
    `insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at, pictures_deleted_at,
       mail_records_deleted_at, disk_rewritten_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [receipt, userId, String(POSITION), BEFORE, ERASED, picturesAt, mailAt, diskAt],
  );
  return { receipt, userId };
};
const ask = async (receipt: string) => {
  const answer = await world.get(`/erasures/${receipt}`);
  return { status: answer.status, json: (await answer.json()) as ErasureReceiptBody & { type: string } };
};
const stepsOf = async (receipt: string): Promise<ErasureStepsBody> => (await ask(receipt)).json.steps;
const problemOf = async (receipt: string): Promise<string> => {
  const { status, json } = await ask(receipt);
  return `${status} ${json.type.split('/').at(-1)}`;
};
const addPublisher = (position: bigint) =>
  world.read.query(`insert into read.checkpoint (name, position, log_id) values ('publisher', $1, $2)`, [
    String(position),
    world.logId,
  ]);

const done = (at: string | null) => ({ state: 'done', at });
const PENDING = { state: 'pending', at: null };

describe('GET /erasures/{receipt}', () => {
  it('G-11 tells anybody who has the id what is done and what is not, and names no person', async () => {
    const { receipt, userId } = await store({ picturesAt: LATER });
    const answer = await world.get(`/erasures/${receipt}`);
    const text = await answer.text();
    expect([answer.status, text.includes(userId)]).toEqual([200, false]);
    expect(JSON.parse(text)).toEqual({
      ...{ format: 'ums-erasure-receipt.v1', receipt, startedAt: BEFORE, complete: false, signed: null },
      steps: {
        ...{ keyDestroyed: done(ERASED), addressesReleased: done(ERASED), sessionsEnded: done(ERASED) },
        ...{ pictures: done(LATER), mailRecords: PENDING, readModels: done(null) },
        ...{ topicTombstone: { state: 'not-applicable', at: null }, diskRewritten: PENDING, backupsDue: PENDING },
      },
    });
  });

  it('G-11 is complete once no backup from before is due any more, and not a day earlier', async () => {
    const diskAt = (days: number) => new Date(Date.now() - days * DAY_MS);
    const all = { picturesAt: LATER, mailAt: LATER };
    const early = await store({ ...all, diskAt: diskAt(29) });
    const due = { state: 'pending', at: expect.any(String) };
    expect((await ask(early.receipt)).json).toMatchObject({ complete: false, steps: { backupsDue: due } });
    const rewritten = diskAt(30);
    const late = await store({ ...all, diskAt: rewritten });
    const passed = done(new Date(rewritten.getTime() + 30 * DAY_MS).toISOString());
    expect((await ask(late.receipt)).json).toMatchObject({ complete: true, steps: { backupsDue: passed } });
    const unmailed = await store({ picturesAt: LATER, diskAt: rewritten });
    expect((await ask(unmailed.receipt)).json.complete).toBe(false);
  });

  it('G-11 waits for the read model to pass the erasure, and for a user whose events it could not apply', async () => {
    const { receipt, userId } = await store();
    await world.moveCheckpoint(POSITION - 1n);
    expect(await stepsOf(receipt)).toMatchObject({ readModels: PENDING });
    await world.moveCheckpoint(POSITION);
    expect(await stepsOf(receipt)).toMatchObject({ readModels: done(null) });
    await world.parkUser(userId);
    expect(await stepsOf(receipt)).toMatchObject({ readModels: PENDING });
  });

  it('G-11 waits for the tombstone where states are published to Kafka', async () => {
    const { receipt } = await store();
    await addPublisher(POSITION - 1n);
    expect(await stepsOf(receipt)).toMatchObject({ topicTombstone: PENDING, readModels: done(null) });
    await world.moveCheckpoint(POSITION);
    expect(await stepsOf(receipt)).toMatchObject({ topicTombstone: done(null) });
  });

  it('G-11 tells when the notary has seen that the read models and the topic were done, once they are', async () => {
    const { receipt } = await store();
    await world.vault.query(
      'insert into receipt_statement (receipt, read_models_at, topic_tombstone_at) values ($1, $2, $2)',
      [receipt, LATER],
    );
    await addPublisher(POSITION);
    expect(await stepsOf(receipt)).toMatchObject({ readModels: done(LATER), topicTombstone: done(LATER) });
    await world.moveCheckpoint(POSITION - 1n);
    expect(await stepsOf(receipt)).toMatchObject({ readModels: PENDING });
  });

  /** As the notary does, with whatever signature. */
  const sign = async (body: ErasureReceiptBody): Promise<string> => {
    const note = `${receiptStatement(body)}\n— ums/test c2lnbmF0dXJl\n`;
    await world.vault.query(
      `insert into receipt_statement (receipt, note) values ($1, $2) on conflict (receipt) do update set note = $2`,
      [body.receipt, note],
    );
    return note;
  };

  it('G-11 shows what the notary has signed of this state, and nothing that it has signed of an earlier one', async () => {
    const { receipt } = await store();
    const { json } = await ask(receipt);
    const note = await sign(json);
    expect((await ask(receipt)).json).toEqual({ ...json, signed: note });
    await world.vault.query('update erasure_receipt set pictures_deleted_at = $2 where receipt = $1', [receipt, LATER]);
    const changed = (await ask(receipt)).json;
    expect(changed).toMatchObject({ signed: null, steps: { pictures: done(LATER) } });
    await sign(changed);
    expect((await ask(receipt)).json.signed).not.toBeNull();
  });

  it('G-11 does not take back what was signed as complete, even if Kafka is set up later', async () => {
    const diskAt = new Date(Date.now() - 30 * DAY_MS);
    const { receipt } = await store({ picturesAt: LATER, mailAt: LATER, diskAt });
    const { json } = await ask(receipt);
    const signed = { ...json, complete: true, signed: await sign(json) };
    await addPublisher(POSITION - 1n);
    expect((await ask(receipt)).json).toEqual(signed);
  });

  it('answers 404 to unknown ids and 400 to what is no id, as often as asked', async () => {
    for (let times = 0; times < 3; times++) expect(await problemOf(randomUUID())).toBe('404 not-found');
    expect(await problemOf('x')).toBe('400 validation-failed');
    expect(await problemOf(`${randomUUID()}0`)).toBe('400 validation-failed');
  });

  it('answers 503 while the vault or the read model is down', async () => {
    const { receipt } = await store();
    await world.readProxy.set('refuse');
    expect(await problemOf(receipt)).toBe('503 dependency-unavailable');
    await world.vaultProxy.set('refuse');
    expect(await problemOf(receipt)).toBe('503 dependency-unavailable');
  });

  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const page = async (receipt: string, language = 'en') => {
    const answer = await world.get(`/erasures/${receipt}`, undefined, { accept: BROWSER, 'accept-language': language });
    const types = [answer.status, answer.headers.get('content-type'), answer.headers.get('vary')?.includes('Accept')];
    return { types, policy: answer.headers.get('content-security-policy'), html: await answer.text() };
  };

  it.each([
    [
      'en',
      'Receipt of the erasure',
      'Some steps are not done yet',
      'Your pictures: <b>done, 1 January 2026 at 12:00 UTC',
    ],
    [
      'de',
      'Beleg der Löschung',
      'Einige Schritte sind noch nicht',
      'Ihre Bilder: <b>erledigt, 1. Januar 2026 um 12:00 UTC',
    ],
  ])('G-11 shows a browser a page in words: %s', async (language, heading, status, pictures) => {
    const { receipt, userId } = await store({ picturesAt: LATER, diskAt: new Date(Date.UTC(2026, 10, 1)) });
    const { types, policy, html } = await page(receipt, language);
    expect(types).toEqual([200, 'text/html; charset=utf-8', true]);
    expect(policy).toContain("default-src 'none'");
    for (const part of [`<html lang="${language}">`, `<h1>${heading}</h1>`, status, pictures, receipt])
      expect(html).toContain(part);
    expect(html.match(/<li>/g)).toHaveLength(9);
    expect(html).not.toContain(userId);
  });

  it('G-11 shows a browser what a link with a parameter of a mail program leads to, and the receipt as data', async () => {
    const { receipt } = await store({ picturesAt: LATER });
    const { types, html } = await page(`${receipt}?utm_source=mail`);
    expect(types[0]).toBe(200);
    const [, data = ''] = /<code>(.*)<\/code>/.exec(html) ?? [];
    expect(JSON.parse(data.replaceAll('&quot;', '"').replaceAll('&#34;', '"'))).toEqual((await ask(receipt)).json);
  });

  it('G-11 claims of no backup that it is deleted, and calls what nothing is known of not done', async () => {
    const due = await page((await store({ diskAt: new Date(Date.UTC(2026, 10, 1)) })).receipt);
    expect(due.html).toMatch(/Backups from before: <b>(were )?to be deleted by 1 December 2026 at 00:00 UTC<\/b>/);
    const none = await page((await store()).receipt);
    expect(none.html).toContain('Backups from before: <b>not yet</b>');
    expect(none.html).not.toContain('Backups from before: <b>done');
  });

  it.each(['*/*', 'application/json, text/html;q=0.9', undefined])(
    'is JSON for a client that accepts %s',
    async (accept) => {
      const { receipt } = await store();
      const answer = await world.get(`/erasures/${receipt}`, undefined, accept === undefined ? {} : { accept });
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    },
  );

  it('G-11 tells a browser in words that all is done, or that there is no such receipt', async () => {
    const rewritten = new Date(Date.now() - 30 * DAY_MS);
    const { receipt } = await store({ picturesAt: LATER, mailAt: LATER, diskAt: rewritten });
    expect((await page(receipt)).html).toContain('Every step is done, and the day has passed');
    for (const [unknown, status, alert] of [
      [randomUUID(), 404, 'There is no such receipt.'],
      [receipt.slice(1), 400, 'The link is not complete.'],
    ] as const) {
      const { types, html } = await page(unknown);
      expect(types.slice(0, 2)).toEqual([status, 'text/html; charset=utf-8']);
      expect(html).toContain(`<p role="alert">${alert}</p>`);
    }
    await world.vaultProxy.set('refuse');
    const { types, html } = await page(receipt, 'de');
    expect(types.slice(0, 2)).toEqual([503, 'text/html; charset=utf-8']);
    expect(html).toMatch(/Der Beleg kann gerade nicht gezeigt werden.*Referenz: /s);
  });
});
