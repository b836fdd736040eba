import { describe, expect, it, jest } from '@jest/globals';
import { announceOnce } from './announceOnce.js';
import { temporaryFolder } from './atEndOfFile.js';
import { describeOn, describeOnOwn } from './describeOn.js';
import { fakeTools } from './fakeTools.js';

const suite = () => Object.assign(jest.fn(), { skip: jest.fn() });
const tests = () => undefined;
const NO_JAVA = 'The program java is not installed; a JDK 17 or newer with Maven is needed for Kafka and OpenSearch.';
const nothing = { PATH: '/nowhere', ENGINES_CACHE: '/nowhere' };

describe('describeOn', () => {
  it('runs tests whose engines can be installed', async () => {
    const ran = suite();
    describeOn(['Kafka', 'OpenSearch'], 'title', tests, { env: (await fakeTools()).env, suite: ran });
    expect(ran.mock.calls).toEqual([['title', tests]]);
  });

  it('skips tests without their engine and says which one is missing and why', () => {
    const skipping = suite();
    const announce = jest.fn<(line: string) => void>();
    describeOn(['OpenSearch'], 'title', tests, { env: nothing, suite: skipping, announce, containers: false });
    const reason = `OpenSearch is missing: ${NO_JAVA}`;
    const title = `title (skipped: ${reason})`;
    expect(announce.mock.calls).toEqual([[`Tests are skipped. ${reason}`]]);
    expect(skipping.skip.mock.calls).toEqual([[title, tests]]);
    expect(skipping.mock.calls).toEqual([]);
  });

  it('runs tests in containers where no engine can be installed, except those that start engines themselves', () => {
    const containers = { env: nothing, announce: () => undefined, containers: true };
    const [shared, own] = [suite(), suite()];
    describeOn(['Kafka'], 'title', tests, { ...containers, suite: shared });
    expect(shared.mock.calls).toEqual([['title', tests]]);
    describeOnOwn(['Kafka'], 'title', tests, { ...containers, suite: own });
    expect(own.mock.calls).toEqual([]);
  });

  it('names Go where versitygw cannot be compiled', async () => {
    const [ran, skipping] = [suite(), suite()];
    describeOnOwn(['versitygw'], 'title', tests, { env: (await fakeTools()).env, suite: ran });
    expect(ran.mock.calls).toEqual([['title', tests]]);
    const announce = jest.fn<(line: string) => void>();
    describeOnOwn(['versitygw'], 'title', tests, { env: nothing, suite: skipping, announce });
    const reason = 'versitygw is missing: The program go is not installed; it is needed for versitygw.';
    expect(announce.mock.calls).toEqual([[`Tests are skipped. ${reason}`]]);
    expect(skipping.skip.mock.calls).toEqual([[`title (skipped: ${reason})`, tests]]);
  });

  it('fails with REQUIRE_ENGINES=1 instead', () => {
    const failing = () =>
      describeOn(['Kafka'], 'title', tests, {
        env: { ...nothing, REQUIRE_ENGINES: '1' },
        suite: suite(),
        containers: false,
      });
    expect(failing).toThrow(`Kafka is missing: ${NO_JAVA}`);
  });
});

describe('announceOnce', () => {
  it('writes a line once in a run, and a different line too', async () => {
    const folder = await temporaryFolder('ums-announce-');
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (const line of ['one', 'one', 'two']) announceOnce(line, folder);
    const written = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(written).toEqual(['one\n', 'two\n']);
  });

  it('fails when the folder of the run is gone', () => {
    expect(() => announceOnce('line', '/nowhere')).toThrow('ENOENT');
  });
});
