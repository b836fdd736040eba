import { describe, expect, it } from '@jest/globals';
import { backupCommand } from './backupCommand.js';

describe('npm run backup', () => {
  it.each([[[]], [['--help']], [['one', 'two']]])('shows its usage for %j', async (args) => {
    await expect(backupCommand(args, {})).rejects.toThrow('Usage: npm run -s backup -- <new folder>');
  });

  it('says that no service runs on the data folder', async () => {
    await expect(backupCommand(['copy'], { DATA_DIR: '/nowhere' })).rejects.toThrow(
      'No service is running on the data folder /nowhere',
    );
  });
});
