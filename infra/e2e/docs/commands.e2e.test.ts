import { beforeAll, expect, it } from '@jest/globals';
import { execute } from '../../embedded/test/postgres.js';
import { registerUser } from '../../faults/test/registerUser.js';
import { until } from '../../kit/test/until.js';
import { textOf } from './handbook.js';
import { runPage } from './runPage.js';
import { type TrialService, trialService } from './trialService.js';

const TEST = 'infra/e2e/docs/commands.e2e.test.ts';
let service: TrialService;

beforeAll(async () => {
  service = await trialService();
  await registerUser(service.call, service.inbox, 'ada@example.org');
  // The start does not wait for the notary.
  await until(async () => (await service.page('/health/ready')).startsWith('200'));
}, 300_000);

const printedBy = (page: string) => runPage(service, page, TEST);

it('docs/install.md sees that the service is ready, and appoints the first administrator', async () => {
  const [ready, appointed] = await printedBy('docs/install.md');
  expect(ready).toMatch(/^\{"status":"ready"/);
  expect(appointed).toContain('The user is now an administrator');
});

it('docs/upgrade.md lists projections that are whole', async () => {
  const [listed = ''] = await printedBy('docs/upgrade.md');
  expect(listed).toContain('user_profile_v1');
  expect(listed).not.toContain('_next');
});

it('docs/monitoring.md reads health and metrics', async () => {
  const [ready = '', metrics = ''] = await printedBy('docs/monitoring.md');
  expect(ready).toContain('"command-api.vault":"up"');
  expect(metrics).toMatch(/^ums_ready 1$/m);
});

it('docs/scaling.md shows which works are done, by the locks that are held', async () => {
  const [, statement = ''] = /```sql\n([\s\S]*?)```/.exec(textOf('docs/scaling.md')) ?? [];
  const { rows } = await execute(service.running.engines.postgres.replace(/postgres$/, 'users'), statement);
  const projections = ['projection audit_event_v1', 'projection user_profile_v1'];
  expect(rows.map(({ work }) => work)).toEqual(['consumer mail', 'consumer picture', 'notary', ...projections]);
  expect(rows[0]).toMatchObject({ application_name: 'lock', last_ping: expect.any(Date) });
});
