import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../test/atEndOfFile.js';
import { freePorts, type Ports, startOnPorts } from './ports.js';
import { PortTaken, RealEngineFailed } from './realEngineFailed.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await temporaryFolder('ums-ports-');
});
type Names = 'http' | 'transport';
const names = ['http', 'transport'] as const;
const start = (fixed: Partial<Ports<Names>> = {}) =>
  startOnPorts({ dataDir, names, fixed }, async (ports: Ports<Names>) => ports);

describe('freePorts', () => {
  it('returns different ports below those of outgoing connections', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    expect(Math.min(...ports)).toBeGreaterThan(1_023);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('chooses in a range of the process, and elsewhere when that has too few', async () => {
    const few = await freePorts(20);
    expect(Math.max(...few) - Math.min(...few)).toBeLessThan(199);
    expect(new Set([...few, ...(await freePorts(250))]).size).toBe(270);
  });
});

describe('startOnPorts', () => {
  it('uses the ports of the last start on the folder', async () => {
    const first = await start();
    expect(await start()).toEqual(first);
  });

  it('uses a fixed port, and a new one for 0', async () => {
    const first = await start({ http: 40_001 });
    expect(first.http).toBe(40_001);
    const second = await start({ http: 0 });
    expect(second.http).not.toBe(40_001);
    expect(second.http).toBeGreaterThan(0);
    expect(second.transport).toBe(first.transport);
  });

  it.each(['{"http":', 'null', '{"http":"80","transport":70000}'])(
    'chooses new ports when ports.json is %s',
    async (text) => {
      await writeFile(join(dataDir, 'ports.json'), text);
      const { http, transport } = await start();
      expect(JSON.parse(await readFile(join(dataDir, 'ports.json'), 'utf8'))).toEqual({ http, transport });
      expect(Math.min(http, transport)).toBeGreaterThan(0);
      expect(Math.max(http, transport)).toBeLessThan(65_536);
    },
  );

  it('starts once more on new ports when one is taken, and not a third time', async () => {
    const kept = await start();
    const tried: Ports<Names>[] = [];
    const taken = startOnPorts({ dataDir, names, fixed: {} }, async (ports: Ports<Names>) => {
      tried.push(ports);
      throw new PortTaken('taken');
    });
    await expect(taken).rejects.toThrow('taken');
    expect(tried).toHaveLength(2);
    expect(tried[0]).toEqual(kept);
    expect(tried[1]?.http).not.toBe(kept.http);
    expect(tried[1]?.transport).not.toBe(kept.transport);
  });

  it('does not start again after another failure', async () => {
    let starts = 0;
    const failing = startOnPorts({ dataDir, names, fixed: {} }, async () => {
      starts++;
      throw new RealEngineFailed('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(starts).toBe(1);
  });
});
