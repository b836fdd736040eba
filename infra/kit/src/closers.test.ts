import { describe, expect, it } from '@jest/globals';
import { closers } from './closers.js';

describe('closers', () => {
  it('closes in reverse order of opening, one at a time, each once', async () => {
    const { onClose, close } = closers();
    const closed: string[] = [];
    onClose(async () => {
      await Promise.resolve();
      closed.push('pool');
    });
    onClose(() => void closed.push('server'));
    await Promise.all([close(), close()]);
    await close();
    expect(closed).toEqual(['server', 'pool']);
  });

  it('closes all even if some fail, and rejects with the failures', async () => {
    const { onClose, close } = closers();
    const closed: string[] = [];
    onClose(() => void closed.push('pool'));
    onClose(() => {
      throw new Error('server');
    });
    onClose(() => Promise.reject(new Error('follower')));
    await expect(close()).rejects.toMatchObject({ errors: [new Error('follower'), new Error('server')] });
    expect(closed).toEqual(['pool']);
  });

  it('closes at once what is registered after closing began', async () => {
    const { onClose, close } = closers();
    await close();
    const closed: string[] = [];
    onClose(() => void closed.push('late'));
    await close();
    expect(closed).toEqual(['late']);
  });
});
