import { expect, it } from '@jest/globals';
import { lastingDifferences } from '../../src/oracle/findDifferences.js';
import { uncheckedOperations } from '../apiClient.js';
import { SERVICES } from '../fiveProcesses.js';
import type { Processes } from '../startProcesses.js';
import { firstSteps, lastSteps, middleSteps } from './steps.js';
import type { Step, Story } from './story.js';

/** The tests of the whole story on five processes, which are restarted and killed in between. */
export const storyOfProcesses = (world: () => { processes: Processes; story: Story }): void => {
  const runSteps = (steps: readonly Step[]): void => {
    for (const { title, run } of steps) it(title, () => run(world().story));
  };

  runSteps(firstSteps);

  it('F-32 end with exit code 0 on SIGTERM, and continue after a restart', async () => {
    const codes = Object.fromEntries(SERVICES.map((service) => [service, 0]));
    expect(await world().processes.restart('SIGTERM')).toEqual(codes);
  });

  runSteps(middleSteps);

  it('T-06 keep sessions and rotated refresh tokens when they are killed', async () => {
    const { processes, story } = world();
    await processes.restart('SIGKILL');
    expect((await story.client.ask('GET', '/user', { token: story.ada.accessToken })).status).toBe(200);
  });

  runSteps(lastSteps);

  it('answered a success and an error of every route as the OpenAPI document says', () => {
    // It takes what AWS has signed and nothing else; the story in one process checks it with a replaced SNS.
    expect(uncheckedOperations(world().processes.client)).toEqual(['post /hooks/ses']);
  });

  it('F-10 leave log, vault and read model without differences', async () => {
    expect(await lastingDifferences(world().processes.sources)).toEqual([]);
  }, 300_000);
};
