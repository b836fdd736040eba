import { describe, expect, it } from '@jest/globals';
import type { AuditEventBody } from '@ums/contracts/http/auditEvents';
import type { HistoryEntry, PastUserBody } from '@ums/contracts/http/history';
import { EVENT_FORMATS } from '@ums/query-api/audit/eventFormats';
import { EVENT_COLUMNS } from './eventColumns.js';
import { HISTORY_COLUMNS } from './historyColumns.js';
import { PROFILE_COLUMNS } from './profileColumns.js';
import { recordFormat } from './recordFormat.js';

const ID = '0199c0de-0000-4000-8000-000000000001';
const AT = '2026-01-01T12:00:00.000Z';

const event: AuditEventBody = {
  ...{ position: '4711', id: ID, userId: null, type: '=cmd', actor: { kind: 'service', id: '-notifier' }, at: AT },
  ...{ correlationId: ID, grantId: ID },
};
const entry: HistoryEntry = {
  ...{ stream: 'user', revision: 1, position: '4711', eventId: ID, type: 'UserRenamed', at: AT, correlationId: ID },
  ...{ actor: { kind: 'admin', id: ID }, reason: '=1+1', source: { ip: '192.0.2.1', userAgent: 'a, b' } },
  changes: [
    { field: 'name', before: null, after: 'Ada\u001b[2J\u202e' },
    { field: 'email', before: { masked: true }, after: { erased: true } },
    { field: 'roles', before: ['user'], after: ['user', 'admin'] },
    { field: 'picture', before: null, after: { status: 'ready' } },
    { field: 'password' },
  ],
};
const profile: PastUserBody = {
  ...{ id: ID, email: { masked: true }, name: 'Ada', status: 'active', roles: ['user', 'admin'], locale: 'en' },
  ...{ registeredAt: AT, revision: 3, picture: null, mailBlock: null },
};

describe('the formats of a replay', () => {
  it('give each record a line of JSON', () => {
    const { head, line } = recordFormat<AuditEventBody>('ndjson', EVENT_COLUMNS);
    expect([head, line(event)]).toEqual(['', `${JSON.stringify(event)}\n`]);
  });

  it('I-07 give events the same CSV as the feed, whose formulas are text', () => {
    const { head, line } = recordFormat('csv', EVENT_COLUMNS);
    const feed = EVENT_FORMATS['text/csv'];
    expect([head, line(event)]).toEqual([feed.head, feed.line(event)]);
    expect(line(event)).toContain(",'=cmd,service,'-notifier,");
  });

  it('I-07 give a history CSV with exact changes, whose formulas are text', () => {
    const { head, line } = recordFormat('csv', HISTORY_COLUMNS);
    expect(head).toBe(
      'position,stream,revision,eventId,type,at,actorKind,actorId,reason,correlationId,source,session,read,changes\r\n',
    );
    expect(line({ ...entry, changes: [{ field: 'name', before: null, after: { masked: true } }] })).toBe(
      `4711,user,1,${ID},UserRenamed,${AT},admin,${ID},'=1+1,${ID},"{""ip"":""192.0.2.1"",""userAgent"":""a, b""}",,,` +
        '"[{""field"":""name"",""before"":null,""after"":{""masked"":true}}]"\r\n',
    );
  });

  it('show in a table what happened, and nothing that controls the terminal', () => {
    const { head, line } = recordFormat('table', HISTORY_COLUMNS);
    expect(head).toMatch(/^position {14}at {24}type {24}actorKind {2}actorId {31}what\n$/);
    const what = (part: Partial<HistoryEntry>) => line({ ...entry, ...part }).slice(125);
    expect(what({})).toBe(
      'name: - -> Ada\ufffd[2J\ufffd; email: [masked] -> [erased]; roles: user -> user admin; ' +
        'picture: - -> {"status":"ready"}; password\n',
    );
    expect(what({ changes: [], session: { id: ID, ended: 'logout' } })).toBe(`session ${ID} (logout)\n`);
    expect(what({ changes: [], session: { id: ID, ended: null } })).toBe(`session ${ID}\n`);
    expect(what({ changes: [], read: { asked: 'history', grantId: null, reads: 2 } })).toBe('history, 2 reads\n');
  });

  it('show events and profiles in a table', () => {
    const events = recordFormat('table', EVENT_COLUMNS);
    expect(events.line(event).split(/ {2,}/)).toEqual([
      ...['4711', AT, '=cmd', '-', 'service', '-notifier', `${ID}\n`],
    ]);
    const profiles = recordFormat('table', PROFILE_COLUMNS);
    expect(profiles.line(profile).split(/ {2,}/)).toEqual([
      ...[ID, '3', 'active', '[masked]', 'Ada', 'user admin', 'en', AT, '-', '-\n'],
    ]);
    expect(recordFormat('csv', PROFILE_COLUMNS).line(profile)).toBe(
      `${ID},3,active,[masked],Ada,user admin,en,${AT},,\r\n`,
    );
  });
});
