import { Duration } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { firewall } from '../firewall/firewall.js';
import { nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';

export interface Balancers {
  /** Has the only public addresses of the environment. */
  api: ApplicationLoadBalancer;
  /** Nobody connects to it: it asks the workers for their health, as Elastic Beanstalk needs for a deployment. */
  workers: ApplicationLoadBalancer;
  listeners: readonly ApplicationListener[];
}

/** The ports of their listeners. */
export const LISTENERS = { api: 443, workers: 80 } as const;

const nothingHere = ListenerAction.fixedResponse(404);

/** The balancers. Elastic Beanstalk adds a rule to a listener for each fleet. */
export const balancers = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  network: Network,
): Balancers => {
  const { vpc, groups, zone, certificate } = network;
  const api = new ApplicationLoadBalancer(scope, 'api-balancer', {
    loadBalancerName: nameOf(environment, 'api'),
    vpc,
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
    internetFacing: true,
    securityGroup: groups.balancer,
    deletionProtection: size.protected,
    dropInvalidHeaderFields: true,
    // Less than KEEP_ALIVE_SECONDS of the services and of the proxy, 75: the balancer closes idle connections first.
    idleTimeout: Duration.seconds(60),
  });
  const https = new ApplicationListener(scope, 'https', {
    loadBalancer: api,
    port: LISTENERS.api,
    protocol: ApplicationProtocol.HTTPS,
    certificates: [certificate],
    sslPolicy: SslPolicy.RECOMMENDED_TLS,
    open: false,
    defaultAction: nothingHere,
  });
  new ApplicationListener(scope, 'http', {
    loadBalancer: api,
    port: 80,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultAction: ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
  });
  new CfnWebACLAssociation(scope, 'firewall-of-api', {
    resourceArn: api.loadBalancerArn,
    webAclArn: firewall(scope, nameOf(environment, 'api'), 'REGIONAL', size.requestsPerSource).attrArn,
  });
  new ARecord(scope, 'record', { zone, target: RecordTarget.fromAlias(new LoadBalancerTarget(api)) });
  const workers = new ApplicationLoadBalancer(scope, 'worker-balancer', {
    loadBalancerName: nameOf(environment, 'workers'),
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    internetFacing: false,
    securityGroup: groups['worker-balancer'],
    deletionProtection: size.protected,
    dropInvalidHeaderFields: true,
  });
  const forWorkers = new ApplicationListener(scope, 'worker-listener', {
    loadBalancer: workers,
    port: LISTENERS.workers,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultAction: nothingHere,
  });
  return { api, workers, listeners: [https, forWorkers] };
};
