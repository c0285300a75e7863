import { ApiMapping, DomainName, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { DistributionProps, IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties, CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** The API's address without a trailing slash: under the stage's own host name, which is made here, or API Gateway's. */
export function apiAddress(scope: Construct, settings: Settings, api: HttpApi): string {
  const { apiDomain, apiCertificateArn } = settings;
  if (apiDomain === undefined || apiCertificateArn === undefined) return api.apiEndpoint;
  const certificate = Certificate.fromCertificateArn(scope, 'ApiCertificate', apiCertificateArn);
  const domainName = new DomainName(scope, 'ApiDomain', { domainName: apiDomain, certificate });
  new ApiMapping(scope, 'ApiMapping', { api, domainName });
  const { regionalDomainName, regionalHostedZoneId } = domainName;
  const target = new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId);
  alias(scope, 'ApiAlias', settings, apiDomain, RecordTarget.fromAlias(target));
  return `https://${apiDomain}`;
}

/** What a distribution is told of the stage's own host name; nothing without one. */
export function portalDomain(
  scope: Construct,
  { portalDomain: name, portalCertificateArn }: Settings,
): Pick<DistributionProps, 'domainNames' | 'certificate'> {
  if (name === undefined || portalCertificateArn === undefined) return {};
  const certificate = Certificate.fromCertificateArn(scope, 'PortalCertificate', portalCertificateArn);
  return { domainNames: [name], certificate };
}

/** The portal's address without a trailing slash. */
export function portalAddress(scope: Construct, settings: Settings, distribution: IDistribution): string {
  const name = settings.portalDomain;
  if (name === undefined) return `https://${distribution.distributionDomainName}`;
  alias(scope, 'PortalAlias', settings, name, RecordTarget.fromAlias(new CloudFrontTarget(distribution)));
  return `https://${name}`;
}

function alias(scope: Construct, id: string, settings: Settings, recordName: string, target: RecordTarget): void {
  const { hostedZoneId, hostedZoneName: zoneName } = settings;
  if (hostedZoneId === undefined || zoneName === undefined) return;
  const zone = HostedZone.fromHostedZoneAttributes(scope, `${id}Zone`, { hostedZoneId, zoneName });
  // The final dot keeps Route 53 from appending the zone's name.
  new ARecord(scope, id, { zone, recordName: `${recordName}.`, target });
}
