import { describe, expect, it } from '@jest/globals';
import { promQlNames } from './promQl.js';
import { unknownNames, unknownPlaceholders } from './unknownNames.js';

describe('promQlNames', () => {
  it('finds metrics, conditions and groupings', () => {
    const expression = `histogram_quantile(0.99, sum by (le, http_route) (rate(requests_bucket{status=~"5..",route!="none"}[5m])))
      / on(instance) group_left(job) max without (pod) (max_over_time(up[1h:1m] offset 1d)) > bool 1e3 # a comment
      and up == 0`;
    expect(promQlNames(expression)).toEqual({
      selectors: [
        {
          metric: 'requests_bucket',
          matchers: [
            { label: 'status', operator: '=~', value: '5..' },
            { label: 'route', operator: '!=', value: 'none' },
          ],
        },
        { metric: 'up', matchers: [] },
        { metric: 'up', matchers: [] },
      ],
      labels: ['le', 'http_route', 'instance', 'job', 'pod'],
    });
  });

  it('refuses what it cannot read', () => {
    expect(() => promQlNames('up ! 1')).toThrow('cannot read PromQL');
    expect(() => promQlNames('{job="a"}')).toThrow('a selector without a metric');
    expect(() => promQlNames('up{job}')).toThrow('not a condition');
    expect(() => promQlNames('sum by (a (b')).toThrow('not a list of labels');
  });
});

describe('unknownNames', () => {
  it('accepts listed metrics and labels', () => {
    expect(unknownNames('sum by (outcome) (rate(ums_logins_total{outcome=~"busy|succeeded"}[5m])) > 0')).toEqual([]);
    expect(
      unknownNames('sum by (le) (http_server_request_duration_seconds_bucket{http_response_status_code=~"5.."})'),
    ).toEqual([]);
    expect(unknownNames('up{job="ums"} == 0 and on(instance) ums_ready{instance!="a"} == 1')).toEqual([]);
  });

  it('finds metrics, labels and values that no process exposes', () => {
    expect(unknownNames('rate(ums_login_total[5m])')).toEqual(['ums_login_total']);
    expect(unknownNames('http_server_request_duration_seconds')).toEqual(['http_server_request_duration_seconds']);
    expect(unknownNames('ums_ready{pod="a"}')).toEqual(['ums_ready{pod}']);
    expect(unknownNames('sum by (user) (ums_ready)')).toEqual(['user']);
    expect(unknownNames('ums_logins_total{outcome="success"}')).toEqual(['ums_logins_total{outcome="success"}']);
    expect(unknownNames('ums_logins_total{outcome=~"busy|success"}')).toEqual([
      'ums_logins_total{outcome=~"busy|success"}',
    ]);
    const status = 'http_server_request_duration_seconds_count{http_response_status_code=~"8.."}';
    expect(unknownNames(status)).toEqual([status]);
  });

  it('finds labels in texts that the expression does not leave', () => {
    const expression = 'sum by (projection) (ums_projection_parked)';
    expect(unknownPlaceholders('{{ $labels.projection }} has {{ $value }} {{job}}', expression)).toEqual(['job']);
    expect(unknownPlaceholders('{{ $labels.instance }}', 'ums_ready == 0')).toEqual([]);
  });
});
