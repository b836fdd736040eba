import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../log.js';
import { metricsText } from '../metrics.js';
import { type DeadReason, messageHandler, type Task } from './messageHandler.js';
import type { MessageOutcome } from './messageSource.js';

const task = (): Task & { finished: boolean } => {
  const made = {
    message: {
      ...{ eventId: '0199c0de-0000-4000-8000-000000000001', key: 'a', correlationId: undefined, content: undefined },
      pointer: { stream: 'user-a', revision: 0n, type: 'UserRegistered', position: 0n },
    },
    recorded: undefined,
    finish: () => {
      made.finished = true;
    },
    failures: 0,
    finished: false,
  };
  return made;
};

const counts = async (consumer: string): Promise<Record<string, number>> => {
  const { text } = await metricsText();
  const lines = text.matchAll(
    new RegExp(`^ums_dead_messages_total{consumer="${consumer}",reason="(\\w+)"} (\\d+)$`, 'gm'),
  );
  return Object.fromEntries([...lines].map(([, reason, count]) => [reason, Number(count)]));
};

describe('messageHandler', () => {
  it('counts the dead messages of its consumer by reason, once each is stored', async () => {
    let outcome: MessageOutcome | Error = 'dead';
    const stored: DeadReason[] = [];
    let storeFails = true;
    const handle = async (): Promise<MessageOutcome> => {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    const store = async (_task: Task, reason: DeadReason): Promise<void> => {
      if (storeFails) throw new Error('no connection');
      stored.push(reason);
    };
    const handler = messageHandler(store, { name: 'counted', handle, signal: new AbortController().signal }, silentLog);
    expect(await counts('counted')).toEqual({ refused: 0, failed: 0, unreadable: 0 });
    const refused = task();
    expect([await handler(refused), refused.finished]).toEqual([false, false]);
    expect(await counts('counted')).toEqual({ refused: 0, failed: 0, unreadable: 0 });
    storeFails = false;
    expect([await handler(refused), refused.finished]).toEqual([true, true]);
    outcome = new Error('a defect');
    const failing = task();
    while (!(await handler(failing)));
    expect(stored).toEqual(['refused', 'failed']);
    expect(await counts('counted')).toEqual({ refused: 1, failed: 1, unreadable: 0 });
    outcome = 'later';
    expect(await handler(task())).toBe(false);
  });
});
