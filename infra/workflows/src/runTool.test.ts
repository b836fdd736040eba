import { describe, expect, it, jest } from '@jest/globals';
import { StartRefused } from '@ums/kit/startRefused';
import { runTool } from './runTool.js';

const terminal = () => ({ stdout: { write: jest.fn() }, stderr: { write: jest.fn() }, exitCode: 0 });

describe('runTool', () => {
  it('prints what the tool returns', async () => {
    const shown = terminal();
    await runTool(async () => 'done', shown);
    expect([shown.stdout.write.mock.calls, shown.exitCode]).toEqual([[['done\n']], 0]);
  });

  it('prints why the tool has failed, and sets the exit code', async () => {
    const shown = terminal();
    await runTool(() => Promise.reject(new StartRefused('No.')), shown);
    expect([shown.stderr.write.mock.calls, shown.exitCode]).toEqual([[['No.\n']], 1]);
  });

  it('hides no error that nobody expected', async () => {
    await expect(runTool(() => Promise.reject(new TypeError('bug')), terminal())).rejects.toThrow('bug');
  });
});
