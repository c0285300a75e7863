import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { CfnDBCluster, CfnDBInstance, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-neptune';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface GraphDatabaseProps {
  readonly removalPolicy: RemovalPolicy;
  /** Neptune capacity units; 1 is the least that Neptune Serverless can idle at. */
  readonly minimumCapacity: number;
  readonly maximumCapacity: number;
  /** Takes the network's flow logs. */
  readonly accessLogs: IBucket;
}

/**
 * Neptune Serverless in subnets without a route to the internet. Functions in the VPC reach Neptune, DynamoDB and S3
 * and nothing else, so no NAT gateway is paid for.
 */
export class GraphDatabase extends Construct {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;
  readonly cluster: CfnDBCluster;
  readonly port = 8_182;
  /** Of the cluster's writer, without a trailing slash. */
  readonly url: string;
  /** What data actions (`neptune-db:…`) are granted on. */
  readonly dataArn: string;

  constructor(scope: Construct, id: string, props: GraphDatabaseProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      gatewayEndpoints: {
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        S3: { service: GatewayVpcEndpointAwsService.S3 },
      },
    });
    // Who tried and was refused; what gets through is in the functions' own logs.
    this.vpc.addFlowLog('Refused', {
      destination: FlowLogDestination.toS3(props.accessLogs, 'flow-logs/'),
      trafficType: FlowLogTrafficType.REJECT,
    });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      allowAllOutbound: false,
      description: 'Neptune; the service stack adds who may enter',
    });
    const subnets = new CfnDBSubnetGroup(this, 'Subnets', {
      dbSubnetGroupDescription: 'isolated subnets of the Runway graph',
      subnetIds: this.vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
    });
    this.cluster = new CfnDBCluster(this, 'Cluster', {
      dbSubnetGroupName: subnets.ref,
      vpcSecurityGroupIds: [this.securityGroup.securityGroupId],
      iamAuthEnabled: true,
      dbPort: this.port,
      storageEncrypted: true,
      backupRetentionPeriod: 7,
      deletionProtection: props.removalPolicy === 'retain',
      serverlessScalingConfiguration: { minCapacity: props.minimumCapacity, maxCapacity: props.maximumCapacity },
    });
    this.url = `https://${this.cluster.attrEndpoint}:${this.port}`;
    this.dataArn = Stack.of(this).formatArn({
      service: 'neptune-db',
      resource: this.cluster.attrClusterResourceId,
      resourceName: '*',
    });
    this.cluster.applyRemovalPolicy(props.removalPolicy);
    const instance = new CfnDBInstance(this, 'Instance', {
      dbClusterIdentifier: this.cluster.ref,
      dbInstanceClass: 'db.serverless',
      autoMinorVersionUpgrade: true,
    });
    instance.applyRemovalPolicy(props.removalPolicy);
  }
}
