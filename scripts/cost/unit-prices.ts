/** One line of a price list: `usd` for `count` of `unit`. */
export type UnitPrice = {
  readonly service: string;
  readonly usd: number;
  readonly count: number;
  readonly unit: string;
  /** Page of the price list, below https://aws.amazon.com/. */
  readonly page: string;
};

/** When the list was written down, from memory of the price lists. */
export const pricesAsOf = '2026-11-21';
export const pricesRegion = 'us-east-1';

const kinesis = 'kinesis/data-streams/pricing/';
const dynamo = 'dynamodb/pricing/on-demand/';
const s3 = 's3/pricing/';
const million = 1_000_000;

/** List prices without free tiers, volume discounts, savings plans or reserved capacity. */
export const unitPrices = {
  shardHour: { service: 'Kinesis, provisioned', usd: 0.015, count: 1, unit: 'shard and hour', page: kinesis },
  shardRetentionHour: {
    service: 'Kinesis, provisioned',
    usd: 0.02,
    count: 1,
    unit: 'shard and hour with records kept for 7 days',
    page: kinesis,
  },
  putUnit: {
    service: 'Kinesis, provisioned',
    usd: 0.014,
    count: million,
    unit: 'PUT payload units of 25 kB',
    page: kinesis,
  },
  fanOutShardHour: {
    service: 'Kinesis, enhanced fan-out',
    usd: 0.015,
    count: 1,
    unit: 'consumer, shard and hour',
    page: kinesis,
  },
  fanOutGigabyte: { service: 'Kinesis, enhanced fan-out', usd: 0.013, count: 1, unit: 'GB retrieved', page: kinesis },
  onDemandStreamHour: { service: 'Kinesis, on demand', usd: 0.04, count: 1, unit: 'stream and hour', page: kinesis },
  onDemandInGigabyte: {
    service: 'Kinesis, on demand',
    usd: 0.08,
    count: 1,
    unit: 'GB written, each record rounded up to 1 kB',
    page: kinesis,
  },
  onDemandOutGigabyte: {
    service: 'Kinesis, on demand',
    usd: 0.04,
    count: 1,
    unit: 'GB read by a consumer',
    page: kinesis,
  },
  onDemandKeptGigabyteMonth: {
    service: 'Kinesis, on demand',
    usd: 0.1,
    count: 1,
    unit: 'GB and month kept beyond 24 hours',
    page: kinesis,
  },
  lambdaGigabyteSecond: {
    service: 'Lambda, arm64',
    usd: 0.0000133334,
    count: 1,
    unit: 'GB and second',
    page: 'lambda/pricing/',
  },
  lambdaRequest: { service: 'Lambda', usd: 0.2, count: million, unit: 'requests', page: 'lambda/pricing/' },
  writeUnit: {
    service: 'DynamoDB, on demand',
    usd: 0.625,
    count: million,
    unit: 'write units (1 kB; in a transaction two each)',
    page: dynamo,
  },
  readUnit: {
    service: 'DynamoDB, on demand',
    usd: 0.125,
    count: million,
    unit: 'read units (4 kB, strongly consistent)',
    page: dynamo,
  },
  writeCapacityHour: {
    service: 'DynamoDB, provisioned',
    usd: 0.00065,
    count: 1,
    unit: 'write unit a second, for an hour',
    page: 'dynamodb/pricing/provisioned/',
  },
  readCapacityHour: {
    service: 'DynamoDB, provisioned',
    usd: 0.00013,
    count: 1,
    unit: 'read unit a second, for an hour',
    page: 'dynamodb/pricing/provisioned/',
  },
  tableGigabyteMonth: { service: 'DynamoDB', usd: 0.25, count: 1, unit: 'GB and month', page: dynamo },
  recoveryGigabyteMonth: {
    service: 'DynamoDB',
    usd: 0.2,
    count: 1,
    unit: 'GB and month of recovery points',
    page: dynamo,
  },
  objectPut: { service: 'S3 Standard', usd: 0.005, count: 1_000, unit: 'PUT requests', page: s3 },
  objectGet: { service: 'S3 Standard', usd: 0.0004, count: 1_000, unit: 'GET requests', page: s3 },
  objectGigabyteMonth: { service: 'S3 Standard', usd: 0.023, count: 1, unit: 'GB and month', page: s3 },
  scannedTerabyte: { service: 'Athena', usd: 5, count: 1, unit: 'TB scanned', page: 'athena/pricing/' },
  stateTransition: {
    service: 'Step Functions, standard',
    usd: 0.025,
    count: 1_000,
    unit: 'state transitions',
    page: 'step-functions/pricing/',
  },
  firehoseGigabyte: {
    service: 'Firehose',
    usd: 0.029,
    count: 1,
    unit: 'GB taken, each record rounded up to 5 kB',
    page: 'firehose/pricing/',
  },
  firehoseConvertedGigabyte: {
    service: 'Firehose',
    usd: 0.018,
    count: 1,
    unit: 'GB converted to Parquet',
    page: 'firehose/pricing/',
  },
  logGigabyte: { service: 'CloudWatch Logs', usd: 0.5, count: 1, unit: 'GB taken', page: 'cloudwatch/pricing/' },
  keyRequest: { service: 'KMS', usd: 0.03, count: 10_000, unit: 'requests', page: 'kms/pricing/' },
} as const satisfies Readonly<Record<string, UnitPrice>>;

export type PriceName = keyof typeof unitPrices;

/** USD for `quantity` of the price's unit. */
export function priceOf(name: PriceName, quantity: number): number {
  const { usd, count } = unitPrices[name];
  return (usd / count) * quantity;
}
