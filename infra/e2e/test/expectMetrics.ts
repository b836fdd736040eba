import { expect } from '@jest/globals';
import { until } from '../../kit/test/until.js';
import { type ListedMetric, METRICS } from '../../monitoring/test/metricList.js';
import { type MetricPage, metricOf, parsePage, unlisted } from '../../monitoring/test/metricPage.js';

/** The page of metrics of a process. @param base its URL */
export const metricsPage = async (base: string): Promise<string> => (await fetch(`${base}/metrics`)).text();

/**
 * Waits until every listed metric is on a page, because mails and events are counted some time after the requests, and expects
 * no other on any.
 *
 * @param absent what the processes lack: metrics that need it are missing.
 */
export const expectMetrics = async (
  read: () => Promise<readonly string[]>,
  absent: readonly ListedMetric['needs'][],
): Promise<void> => {
  let missingNow: string[] = [];
  await until(async () => {
    missingNow = missing((await read()).map(parsePage), absent);
    return missingNow.length === 0;
  }).catch(() => undefined);
  expect(missingNow).toEqual([]);
  expect((await read()).flatMap((text) => unlisted(parsePage(text)))).toEqual([]);
};

const missing = (pages: readonly MetricPage[], absent: readonly ListedMetric['needs'][]): string[] => {
  const found = new Set(pages.flatMap(({ samples }) => samples.map(({ name }) => metricOf(name))));
  const elsewhere = process.platform === 'linux' ? absent : [...absent, 'Linux'];
  const expected = Object.entries(METRICS).filter(([, { needs }]) => needs === undefined || !elsewhere.includes(needs));
  return expected.map(([name]) => name).filter((name) => !found.has(name));
};
