import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** Requests are not sampled: samples show the query strings of mailed links, which are tokens. */
const counted = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});

/** Rules of AWS. `counted` names rules of a group that do not block. */
const managed = (name: string, priority: number, only: readonly string[] = []): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  visibilityConfig: counted(name),
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: only.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});

/**
 * A firewall that blocks an address which sends more than `limit` requests in five minutes, and known attacks. The limits of
 * the services are narrower and count per route; this one keeps a flood away from them.
 */
export const firewall = (scope: Construct, name: string, use: 'REGIONAL' | 'CLOUDFRONT', limit: number): CfnWebACL =>
  new CfnWebACL(scope, 'firewall', {
    name,
    scope: use,
    defaultAction: { allow: {} },
    visibilityConfig: counted(name),
    rules: [
      {
        name: 'rate',
        priority: 0,
        action: { block: { customResponse: { responseCode: 429 } } },
        visibilityConfig: counted(`${name}-rate`),
        statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
      },
      managed('AWSManagedRulesAmazonIpReputationList', 1),
      managed('AWSManagedRulesKnownBadInputsRuleSet', 2),
      // Pictures are larger than 8 KB and look like anything; the services check bodies themselves.
      managed('AWSManagedRulesCommonRuleSet', 3, ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY']),
    ],
  });
