import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CachePolicy, Distribution, HttpVersion, PriceClass, ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/**
 * CloudFront before two buckets: the portal, and the routing tables that serving systems read, so that serving never
 * waits for Runway. Both can be rebuilt (from the source, from the registry's heads), hence the service stack.
 */
export class Web extends Construct {
  readonly portalBucket: Bucket;
  readonly routingBucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.portalBucket = this.bucket('Portal');
    this.routingBucket = this.bucket('Routing');
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Runway portal and routing tables',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.portalBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      },
      additionalBehaviors: {
        'routing/*': {
          origin: S3BucketOrigin.withOriginAccessControl(this.routingBucket),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          // Obeys the object's own max-age of seconds.
          cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS,
        },
      },
    });
    new CfnOutput(Stack.of(this), 'CdnUrl', { value: `https://${distribution.distributionDomainName}` });
    new CfnOutput(Stack.of(this), 'RoutingBucketName', { value: this.routingBucket.bucketName });
    new CfnOutput(Stack.of(this), 'PortalBucketName', { value: this.portalBucket.bucketName });
  }

  private bucket(id: string): Bucket {
    return new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
