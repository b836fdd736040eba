import { Duration, Stack } from 'aws-cdk-lib';
import {
  CachePolicy,
  CfnDistribution,
  CfnOriginAccessControl,
  HeadersFrameOption,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { Data } from '../data/dataStack.js';
import { firewall } from '../firewall/firewall.js';
import { nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';

/**
 * How long the edge and browsers keep a square. Nothing tells CloudFront that a user was erased, so this is how long an
 * erased picture may still be shown.
 */
const KEPT = Duration.minutes(5);

/** Zone of the alias records of every distribution. */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/** CloudFront in front of `pictures/` of the bucket. Uploads, which are in other folders, cannot be reached. */
export const edgeStack = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  { network, data }: { network: Network; data: Data },
): void => {
  const stack = new Stack(scope, 'edge', { stackName: nameOf(environment, 'edge') });
  const host = `pictures.${size.domain}`;
  const access = new CfnOriginAccessControl(stack, 'access', {
    originAccessControlConfig: {
      name: nameOf(environment, 'pictures'),
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    },
  });
  const caching = new CachePolicy(stack, 'caching', { defaultTtl: KEPT, maxTtl: KEPT, minTtl: Duration.seconds(0) });
  const headers = new ResponseHeadersPolicy(stack, 'headers', {
    securityHeadersBehavior: {
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
    },
    // Scripts of the applications may read pictures, too; a request for one carries no cookie.
    corsBehavior: {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: ['*'],
      accessControlAllowMethods: ['GET', 'HEAD'],
      accessControlAllowOrigins: ['*'],
      originOverride: true,
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: 'Cache-Control', value: `public, max-age=${KEPT.toSeconds()}`, override: true },
        { header: 'Cross-Origin-Resource-Policy', value: 'cross-origin', override: true },
      ],
    },
  });
  const { attrArn } = firewall(stack, nameOf(environment, 'pictures'), 'CLOUDFRONT', size.requestsPerSource);
  const distribution = new CfnDistribution(stack, 'pictures', {
    distributionConfig: {
      enabled: true,
      aliases: [host],
      comment: `pictures of ${environment}`,
      httpVersion: 'http2and3',
      webAclId: attrArn,
      viewerCertificate: {
        acmCertificateArn: network.certificate.certificateArn,
        minimumProtocolVersion: 'TLSv1.2_2021',
        sslSupportMethod: 'sni-only',
      },
      origins: [
        {
          id: 'bucket',
          domainName: data.pictures.bucketRegionalDomainName,
          originAccessControlId: access.attrId,
          s3OriginConfig: { originAccessIdentity: '' },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: 'bucket',
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD'],
        cachePolicyId: caching.cachePolicyId,
        responseHeadersPolicyId: headers.responseHeadersPolicyId,
      },
    },
  });
  new ARecord(stack, 'record', {
    zone: network.zone,
    recordName: 'pictures',
    target: RecordTarget.fromAlias({
      bind: () => ({ dnsName: distribution.attrDomainName, hostedZoneId: CLOUDFRONT_ZONE }),
    }),
  });
};
