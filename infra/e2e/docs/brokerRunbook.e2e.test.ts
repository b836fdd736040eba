import { beforeAll, expect, it } from '@jest/globals';
import { PASSWORD } from '../../faults/test/registerUser.js';
import { commandsFor } from './handbook.js';
import { expectQuotes, shown } from './quotes.js';
import { type TrialService, trialService } from './trialService.js';

const TEST = 'infra/e2e/docs/brokerRunbook.e2e.test.ts';
const PAGE = 'docs/runbooks/broker-down.md';
let service: TrialService;

beforeAll(async () => {
  // No program listens there, so every connection is refused.
  service = await trialService({ KAFKA_BROKERS: '127.0.0.1:1' });
}, 300_000);

it('F-20 a broker that is absent is what its runbook says', async () => {
  const registration = { email: 'ada@example.org', name: 'Ada', password: PASSWORD };
  const answer = await service.call('POST', '/auth/register', { body: registration });
  expect(shown(answer)).toMatch(/^202/);
  await expectQuotes(PAGE, 'readiness', () => service.page('/health/ready'));
  await expectQuotes(PAGE, 'log at a start', service.log);
  await expectQuotes(PAGE, 'log |', service.log);
  await expectQuotes(PAGE, 'metrics', () => service.page('/metrics'));
  const [commands = ''] = commandsFor(PAGE, TEST);
  const { code, printed } = await service.run(commands);
  expect(code).toBe(0);
  expect(printed).toMatch(/^ums_publisher_lag_seconds [\d.e-]+$/m);
  expect(printed).toMatch(/^ums_publisher_lag_events [1-9]\d*$/m);
});
