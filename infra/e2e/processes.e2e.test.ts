import { beforeAll, describe, jest } from '@jest/globals';
import { type Processes, startProcesses } from './test/startProcesses.js';
import { newStory, type Story } from './test/story/story.js';
import { storyOfProcesses } from './test/story/storyOfProcesses.js';

// Restarts wait until five processes are ready.
jest.setTimeout(300_000);

let processes: Processes;
let story: Story;

beforeAll(async () => {
  processes = await startProcesses();
  story = newStory(processes);
});

describe('the five services in separate processes', () => storyOfProcesses(() => ({ processes, story })));
