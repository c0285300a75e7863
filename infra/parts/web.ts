import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  type ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { accept } from './accept.ts';
import { portalAddress, portalDomain } from './custom-domain.ts';
import { apiHost } from './http-api.ts';
import { publicBucket } from './public-bucket.ts';
import { securityHeaders } from './security-headers.ts';

export interface WebProps {
  readonly api: HttpApi;
  /** Where the portal's people sign in: the issuer and, if it is another host, the page it sends them to. */
  readonly signInUrls: readonly string[];
  readonly settings: Settings;
  /** Of a stack that this one depends on; lets CloudFront in by itself. */
  readonly routingBucket: IBucket;
}

/**
 * CloudFront before the portal, the API and the routing tables. Portal and API share one origin, so that the browser asks
 * no permission for a request; the routing tables are what serving systems read, so that serving never waits for Runway.
 * What is in the portal's bucket can be built again from the source.
 */
export class Web extends Construct {
  readonly portalBucket: Bucket;
  /** Address of the portal, without a trailing slash. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: WebProps) {
    super(scope, id);
    this.portalBucket = publicBucket(this, 'Portal');
    const headers = securityHeaders(this, props.signInUrls);
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Runway portal, API and routing tables',
      ...portalDomain(this, props.settings),
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.portalBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.deepLinks() }],
      },
      additionalBehaviors: {
        'v1/*': this.apiBehavior(props.api, headers),
        graphql: this.apiBehavior(props.api, headers),
        'routing/*': {
          origin: this.routingOrigin(props.routingBucket),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          // Obeys the object's own max-age of seconds.
          cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS,
        },
      },
    });
    acceptEdge(distribution, props.settings);
    this.url = portalAddress(this, props.settings, distribution);
    new CfnOutput(Stack.of(this), 'CdnUrl', { value: this.url });
    new CfnOutput(Stack.of(this), 'PortalBucketName', { value: this.portalBucket.bucketName });
  }

  private apiBehavior(api: HttpApi, responseHeadersPolicy: ResponseHeadersPolicy) {
    return {
      origin: new HttpOrigin(apiHost(api)),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // API Gateway knows its own host name only.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy,
    };
  }

  /**
   * Every page of the portal is index.html. A custom error response would do as well, but it would also turn a routing
   * table that is missing into a page.
   */
  private deepLinks(): EdgeFunction {
    return new EdgeFunction(this, 'DeepLinks', {
      comment: 'An entity, or an address whose last part has no dot, is a page of the portal',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(
        [
          'function handler(event) {',
          '  var request = event.request;',
          // Names of entities have dots of their own.
          "  var isPage = request.uri.startsWith('/entities/') || !request.uri.split('/').pop().includes('.');",
          "  if (isPage) request.uri = '/index.html';",
          '  return request;',
          '}',
        ].join('\n'),
      ),
    });
  }

  /** Not `withOriginAccessControl`, which would write this distribution into the policy of the other stack's bucket. */
  private routingOrigin(bucket: IBucket): IOrigin {
    const { originAccessControlId } = new S3OriginAccessControl(this, 'RoutingAccess');
    return S3BucketOrigin.withBucketDefaults(bucket, { originAccessControlId });
  }
}

function acceptEdge(distribution: Distribution, settings: Settings): void {
  accept(distribution, 'AwsSolutions-CFR1', 'Where its people and serving systems stand is for a company to say');
  accept(
    distribution,
    'AwsSolutions-CFR2',
    'A firewall costs by the month; every route with data asks for a token anyway',
  );
  accept(distribution, 'AwsSolutions-CFR3', "Requests with data are in the API's access log; the rest is public");
  if (settings.portalDomain === undefined)
    accept(distribution, 'AwsSolutions-CFR4', "CloudFront's own host name takes TLS 1.0; portalDomain brings 1.2");
}
