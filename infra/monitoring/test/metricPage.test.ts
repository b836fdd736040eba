import { describe, expect, it } from '@jest/globals';
import { MAIL_CONSUMER } from '../../../notifier/src/mailConsumer.js';
import { observePicture } from '../../../notifier/src/picture-processing/pictureDurations.js';
import { projectionMetrics } from '../../../projector/src/projection/projectionMetrics.js';
import { PROJECTIONS } from '../../../projector/src/projections.js';
import { publisherMetrics } from '../../../projector/src/publisher/publisherMetrics.js';
import { exposeGroupLag } from '../../kit/src/kafka-source/exposeGroupLag.js';
import { exposeLineCounts } from '../../kit/src/log-shipping/lineCounts.js';
import { metricsText } from '../../kit/src/metrics.js';
import { METRICS } from './metricList.js';
import { metricOf, parsePage, unlisted } from './metricPage.js';

const pageOf = (...lines: string[]) => parsePage(lines.join('\n'));

describe('unlisted', () => {
  it('accepts listed metrics with values that are allowed', () => {
    const page = pageOf(
      '# HELP ums_logins_total Log-ins by outcome.',
      '# TYPE ums_logins_total counter',
      'ums_logins_total{outcome="busy"} 3',
      '# TYPE http_server_request_duration_seconds histogram',
      'http_server_request_duration_seconds_bucket{http_route="/api/v1/users/:id",http_request_method="GET",http_response_status_code="200",le="0.005"} 0',
      'http_server_request_duration_seconds_sum{http_route="none",http_request_method="_OTHER",http_response_status_code="404"} 0.5',
      'ums_ready 1',
    );
    expect(unlisted(page)).toEqual([]);
  });

  it('L-03 finds metrics, types, labels and values that are not on the list', () => {
    const page = pageOf(
      '# TYPE ums_ready counter',
      'ums_unknown 1',
      'ums_logins_total{outcome="busy",user="ada"} 1',
      'ums_logins_total{outcome="said \\"canary\\", then left"} 1',
      'ums_mails_total{fate="sent"} 1',
      'http_server_request_duration_seconds_count{http_route="/api/v1/users/7",http_request_method="GET",http_response_status_code="200"} 1',
    );
    expect(unlisted(page)).toEqual([
      'ums_ready (counter)',
      'ums_unknown',
      'ums_logins_total{user="ada"}',
      'ums_logins_total{outcome="said \\"canary\\", then left"}',
      'ums_mails_total without template',
      'http_server_request_duration_seconds_count{http_route="/api/v1/users/7"}',
    ]);
  });

  it('refuses lines that are no samples', () => {
    expect(() => pageOf('canary')).toThrow('not a sample: canary');
    expect(() => pageOf('ums_ready{check=up} 1')).toThrow('not a sample');
  });

  it('L-03 the metrics that need Kafka, OpenSearch, a picture or an error are on the list', async () => {
    const publisher = publisherMetrics();
    publisher.measured({ seconds: 1 });
    publisher.exposeEvents(async () => 2);
    publisher.restarted('canary of a library');
    for (const { name } of PROJECTIONS) projectionMetrics(name).restarted('RevisionGap');
    observePicture({ kind: 'rejected', reason: 'damaged' }, 3);
    exposeGroupLag(MAIL_CONSUMER).measured([{ partition: 0, next: 1n, end: 3n, metadata: '' }]);
    exposeLineCounts(() => ({ logged: 3, indexed: 1, dropped: 1, waiting: 1 }));
    const page = parsePage((await metricsText()).text);
    expect(unlisted(page)).toEqual([]);
    const needed = Object.keys(METRICS).filter((name) =>
      /^(Kafka|OpenSearch|a picture|an error)$/.test(METRICS[name]?.needs ?? ''),
    );
    expect(needed.filter((name) => !page.samples.some((sample) => metricOf(sample.name) === name))).toEqual([]);
  });
});
