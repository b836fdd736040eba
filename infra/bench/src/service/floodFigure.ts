import { compareCosts } from '../load/compareCosts.js';
import { median } from '../load/statistics.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from './ask.js';
import type { MeasuredService } from './measuredService.js';
import { newUser, type TestUser } from './testUsers.js';

export interface FloodSizes {
  rounds: number;
  /** Of the source that floods. */
  connections: number;
  /** Log-ins of each measurement in a round. */
  logIns: number;
}

/**
 * time of log-ins, one after another, each from a source of its own, while one source registers on many connections as
 * fast as it is answered. The service must trust the client's `X-Forwarded-For`, and have the default limits.
 */
export const floodFigure = async (
  service: MeasuredService,
  users: readonly TestUser[],
  { rounds, connections, logIns }: FloodSizes,
): Promise<Figure> => {
  let sources = 0;
  /** Headers of a request from a source that has sent none. */
  const fromNewSource = () => {
    sources += 1;
    return { 'x-forwarded-for': `10.${sources >> 16}.${(sources >> 8) & 255}.${sources & 255}` };
  };
  const logInTime = async (): Promise<number> => {
    const times: number[] = [];
    for (let at = 0; at < logIns; at += 1) {
      const { email, password } = users[at % users.length] as TestUser;
      const asked = { body: { email, password }, headers: fromNewSource() };
      const startedAt = performance.now();
      await ask(service.api, 'POST', '/auth/login', asked);
      times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  const duringFlood = async (): Promise<number> => {
    const stop = flood(service.api, connections, fromNewSource());
    try {
      return await logInTime();
    } finally {
      await stop();
    }
  };
  const compared = await compareCosts(rounds, duringFlood, logInTime);
  return {
    name: 'R-12 log-ins of others in a flood of registrations',
    measured: compared.ratio,
    unit: '× without it',
    target: { atMost: 2 },
    details: `p50 of ${logIns} log-ins: ${formatNumber(compared.ours)} ms while one source registers on ${connections} connections, compared with ${formatNumber(compared.baseline)} ms; median of ${rounds} rounds`,
  };
};

/** @returns ends the flood. */
const flood = (api: string, connections: number, headers: Record<string, string>): (() => Promise<void>) => {
  let isOn = true;
  const registers = async (): Promise<void> => {
    // The answers do not matter, and a refusal is what is expected.
    while (isOn) await ask(api, 'POST', '/auth/register', { body: newUser(), headers }, 1).catch(() => undefined);
  };
  const lanes = Array.from({ length: connections }, registers);
  return async () => {
    isOn = false;
    await Promise.all(lanes);
  };
};
