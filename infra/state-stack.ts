import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRecovery, Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { eventIndexes } from '../shared/names.ts';
import { accept } from './parts/accept.ts';
import { GraphDatabase } from './parts/graph-database.ts';
import type { Settings } from './settings.ts';

export interface StateStackProps {
  readonly settings: Settings;
}

/** What loses data if deleted. Nothing here calls anything; the service stack depends on it, never the other way. */
export class StateStack extends Stack {
  readonly eventsTable: Table;
  readonly groundTruthTable: Table;
  readonly healthTable: Table;
  readonly idempotencyTable: Table;
  readonly graphTable: Table;
  readonly eventStream: Stream;
  readonly artifactBucket: Bucket;
  readonly failureBucket: Bucket;
  /** Predictions and outcomes as they came in (`raw/`) and joined (`joined/`). */
  readonly groundTruthBucket: Bucket;
  /** Snapshots of the graph and of its search index, and what is being imported; all of it can be made again. */
  readonly graphBucket: Bucket;
  readonly writerKeySecret: Secret;
  readonly userPool: UserPool;
  /** Value of `iss` in the user pool's tokens. */
  readonly issuerUrl: string;
  /** Of the user pool's own pages, without a trailing slash. */
  readonly signInUrl: string;
  readonly graph: GraphDatabase;
  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: StateStackProps) {
    super(scope, id, { description: 'Runway: models, ground truth and health; deleting this stack loses data' });
    this.removalPolicy = props.settings.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.eventsTable = this.table('Events', { stream: StreamViewType.NEW_IMAGE });
    for (const [indexName, key] of [
      [eventIndexes.first, '1'],
      [eventIndexes.second, '2'],
    ] as const) {
      this.eventsTable.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: `list${key}`, type: AttributeType.STRING },
        sortKey: { name: `sort${key}`, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
    this.eventsTable.addGlobalSecondaryIndex({
      indexName: eventIndexes.rows,
      partitionKey: { name: 'rowList', type: AttributeType.STRING },
      sortKey: { name: 'pk', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['row'],
    });
    this.groundTruthTable = this.table('GroundTruth', { timeToLive: true });
    this.healthTable = this.table('Health', { timeToLive: true });
    this.idempotencyTable = this.table('Idempotency', { timeToLive: true, sortKey: false });

    this.graphTable = this.table('GraphTable', { timeToLive: true });

    this.eventStream = new Stream(this, 'EventStream', {
      ...(props.settings.streamMode === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: props.settings.streamShards }),
      encryption: StreamEncryption.MANAGED,
      // A day would not outlast a weekend without an operator.
      retentionPeriod: Duration.days(7),
      removalPolicy: this.removalPolicy,
    });
    const accessLogs = this.accessLogs(props.settings.logRetentionDays);
    this.artifactBucket = this.bucket('Artifacts', accessLogs);
    this.failureBucket = this.bucket('Failures', accessLogs);
    this.graphBucket = this.snapshots('GraphBucket', accessLogs);
    this.groundTruthBucket = this.archive('GroundTruthBucket', accessLogs, props.settings);
    this.writerKeySecret = new Secret(this, 'WriterKeyRoot', {
      description: 'Root from which the signing key of each writer of the event stream is derived',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: this.removalPolicy,
    });
    accept(
      this.writerKeySecret,
      'AwsSolutions-SMG4',
      'Every key that writers hold is derived from this root, so changing it locks all of them out',
    );
    this.userPool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      removalPolicy: this.removalPolicy,
    });
    accept(
      this.userPool,
      'AwsSolutions-COG2',
      'A second factor is offered; who has to have one is said by `oidcIssuer`',
    );
    accept(
      this.userPool,
      'AwsSolutions-COG8',
      'Plus is paid by person and month; an issuer of your own guards passwords',
    );
    // The page where people sign in; its name must be free in the whole region.
    const domain = this.userPool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: `runway-${props.settings.stage}-${this.account}` },
    });
    this.signInUrl = domain.baseUrl();
    this.issuerUrl = `https://cognito-idp.${this.region}.amazonaws.com/${this.userPool.userPoolId}`;
    this.graph = new GraphDatabase(this, 'Graph', {
      removalPolicy: this.removalPolicy,
      minimumCapacity: props.settings.graphMinimumCapacity,
      maximumCapacity: props.settings.graphMaximumCapacity,
      accessLogs,
    });
    this.outputs();
  }

  private table(
    id: string,
    options: { readonly stream?: StreamViewType; readonly timeToLive?: boolean; readonly sortKey?: boolean },
  ): Table {
    return new Table(this, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      ...(options.sortKey !== false && { sortKey: { name: 'sk', type: AttributeType.STRING } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: this.removalPolicy,
      ...(options.stream && { stream: options.stream }),
      ...(options.timeToLive && { timeToLiveAttribute: 'expiresAt' }),
    });
  }

  private accessLogs(retentionDays: number): Bucket {
    return new Bucket(this, 'AccessLogs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: this.removalPolicy,
      lifecycleRules: [{ expiration: Duration.days(retentionDays) }],
    });
  }

  private bucket(id: string, accessLogs: Bucket): Bucket {
    return new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      removalPolicy: this.removalPolicy,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7), noncurrentVersionExpiration: Duration.days(90) },
      ],
    });
  }

  /** Everything in it is made from the graph's table, or was taken from there into it. */
  private snapshots(id: string, accessLogs: Bucket): Bucket {
    return new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      removalPolicy: this.removalPolicy,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        { prefix: 'imports/', expiration: Duration.days(30) },
        { prefix: 'events/', expiration: Duration.days(30) },
      ],
    });
  }

  /** Not versioned: what is written again is the same, and a join of a date goes to a prefix of its own. */
  private archive(id: string, accessLogs: Bucket, settings: Settings): Bucket {
    const { rawRetentionDays, joinedRetentionDays } = settings;
    const bucket = new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      removalPolicy: this.removalPolicy,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        { prefix: 'raw/', expiration: Duration.days(rawRetentionDays) },
        { prefix: 'sagemaker/', expiration: Duration.days(rawRetentionDays) },
        { prefix: 'joined/', expiration: Duration.days(joinedRetentionDays) },
        // Only on their way into the table.
        { prefix: 'metrics/', expiration: Duration.days(7) },
        { prefix: 'athena/', expiration: Duration.days(7) },
      ],
    });
    // CDK's own way is a function that sets this after the bucket is there; CloudFormation can.
    const resource = bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    return bucket;
  }

  private outputs(): void {
    const values = {
      EventsTableName: this.eventsTable.tableName,
      GroundTruthTableName: this.groundTruthTable.tableName,
      HealthTableName: this.healthTable.tableName,
      GraphTableName: this.graphTable.tableName,
      GraphBucketName: this.graphBucket.bucketName,
      EventStreamName: this.eventStream.streamName,
      ArtifactBucketName: this.artifactBucket.bucketName,
      FailureBucketName: this.failureBucket.bucketName,
      GroundTruthBucketName: this.groundTruthBucket.bucketName,
      UserPoolId: this.userPool.userPoolId,
      IssuerUrl: this.issuerUrl,
      SignInUrl: this.signInUrl,
    };
    for (const [id, value] of Object.entries(values)) new CfnOutput(this, id, { value });
  }
}
