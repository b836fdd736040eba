import { until } from '../../kit/test/until.js';
import type { LoggedEvent } from '../src/oracle/loggedEvents.js';
import { spawnProgram } from './spawnProgram.js';

const STATE = /^(?:applied|repeated) users\.state\S* (\S+) revision (\d+), \d+ active$/;
const USER = /^user (\S+) (.*)$/;

/** The example of a consumer that other systems get with the contract, as a process of its own. */
export const exampleConsumer = (brokers: string) => {
  const program = spawnProgram('contracts/public/consumer/followUsers.mjs', {}, [brokers]);
  const lines = () => program.output().out.split('\n').slice(0, -1);
  return {
    /** Waits until it has received the state after the last event of each user in the log. */
    untilCaughtUp: async (log: readonly LoggedEvent[]): Promise<void> => {
      const last = new Map(log.flatMap(({ stream, revision }) => (isUser(stream) ? [[stream, revision]] : [])));
      await until(() => {
        const received = new Set(lines().map((line) => STATE.exec(line)?.slice(1).join(' ')));
        return [...last].every(([stream, revision]) => received.has(`${stream.slice(USER_PREFIX.length)} ${revision}`));
      });
    },
    /** Stops it. @returns the roles of the active users by id, as it prints them then */
    stop: async (): Promise<Map<string, string[]>> => {
      await program.end('SIGTERM');
      return new Map(
        lines().flatMap((line) => {
          const [, id, roles] = USER.exec(line) ?? [];
          return id === undefined ? [] : [[id, (roles ?? '').split(',')]];
        }),
      );
    },
  };
};

const USER_PREFIX = 'user-';
const isUser = (stream: string): boolean => stream.startsWith(USER_PREFIX);
