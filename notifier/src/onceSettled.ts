import type { SettledVault } from '@ums/identity/vault/settledVault';
import type { Log } from '@ums/kit/log';
import { isOutage } from '@ums/kit/message-source/isOutage';
import type { Consumer } from '@ums/kit/message-source/messageSource';

/**
 * Lets messages wait until the vault is settled: a vault that was restored from a backup still has the addresses and keys of people
 * who have been erased since, and they would get mail.
 */
export const onceSettled = <C extends Pick<Consumer, 'handle'>>(consumer: C, { ready }: SettledVault, log: Log): C => ({
  ...consumer,
  handle: async (...message) => {
    try {
      if (!(await ready())) return 'later';
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn('message waits until the vault is settled', { error });
      return 'later';
    }
    return consumer.handle(...message);
  },
});
