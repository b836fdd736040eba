import { expect } from '@jest/globals';
import { commandsFor } from './handbook.js';
import type { TrialService } from './trialService.js';

/**
 * Runs the commands of a page on a service, block by block. Each has to succeed.
 * @param test the test that the page names before the blocks
 * @returns what each block printed
 */
export const runPage = async (service: TrialService, page: string, test: string): Promise<string[]> => {
  const printed: string[] = [];
  for (const commands of commandsFor(page, test)) {
    const ended = await service.run(commands);
    expect({ commands, code: ended.code, printed: ended.code === 0 ? '' : ended.printed }).toMatchObject({ code: 0 });
    printed.push(ended.printed);
  }
  return printed;
};
