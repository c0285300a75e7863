import type { Grant } from '../../local/permissions/statement.ts';

/** A grant that no suite uses, and why it stays. Each entry must match some grant of the template. */
type Reviewed = {
  readonly action: RegExp;
  /** Of the grant's resource. @default any */
  readonly resource?: RegExp;
  /** Of the role, or of the resource's policy. @default any */
  readonly holder?: RegExp;
  readonly reason: string;
};

export const reviewedGrants: readonly Reviewed[] = [
  {
    action: /^dynamodb:GetItem$/,
    resource: /GraphTable/,
    holder: /^(RetrainingPlan|Triggers|Cascades|RolloutPeople|GraphGet|GraphQl|Entities|Enrichment|Search)/,
    reason:
      'only without a snapshot is the whole table read, and with it the number of its last change: test/e2e/loop.test.ts',
  },
  {
    action: /^dynamodb:BatchGetItem$/,
    resource: /GraphTable/,
    holder: /RebuildStep/,
    reason:
      'here no provider has said anything yet when the graph is built again, as some have in test/e2e/loop.test.ts',
  },
  {
    action: /^dynamodb:DeleteItem$/,
    resource: /GraphTable/,
    holder: /EnrichmentEnrichRole/,
    reason: 'only overrides that have expired: test/unit/graph/enrichment/override-expiry.property.test.ts tidies up',
  },
  {
    action: /^s3:ListBucket$/,
    resource: /GraphBucket|graphbucket/,
    reason: 'S3 asks for it only while there is no snapshot, as in test/e2e/loop.test.ts, where nothing may be denied',
  },
  {
    action: /^(dynamodb:BatchGetItem|dynamodb:Query|dynamodb:PutItem|dynamodb:UpdateItem|sqs:SendMessage)$/,
    holder: /(HydrateEntities|ReconcileProviders)/,
    reason: 'here no provider answers, so that nothing is written: test/system/model-instance.test.ts reads from three',
  },
  {
    action: /^dynamodb:UpdateItem$/,
    holder: /EnrichmentEnrichRole/,
    reason: 'notes that a provider was asked, see below',
  },
  {
    action: /^sqs:SendMessage$/,
    resource: /Hydrations/,
    holder: /EnrichmentEnrichRole/,
    reason:
      'only for what a provider has and nobody described: test/unit/graph/ingestion/request-mentioned.test.ts asks for it',
  },
  {
    action: /^(dynamodb|s3):/,
    holder: /PromoteVersion|JudgeStep|ShiftTraffic/,
    reason: 'a canary with evidence takes days: the end-to-end loop judges and promotes late-mended under these grants',
  },
  {
    action: /^s3:PutObject$/,
    resource: /failures.*\/poison/,
    holder: /JoinEvents/,
    reason: 'test/e2e/poison-records.test.ts finds each poison record put aside under it',
  },
  {
    action: /^s3:PutObject$/,
    resource: /failures.*\/conflicts/,
    holder: /JoinEvents/,
    reason:
      'only outcomes that contradict each other are audited; test/unit/ground-truth/audit-conflicts.test.ts finds them under that key',
  },
  {
    action: /^s3:PutObject$/,
    resource: /failures.*\/poison/,
    holder: /ImportSagemaker/,
    reason: 'only for lines that are unusable, which the behaviour of the mapping has none of',
  },
  {
    action: /^s3:ListBucket$/,
    holder: /SwitchBatchDay/,
    reason: 'Athena looks where it puts results before any statement; here one without rows leaves none',
  },
  {
    action: /^sqs:SendMessage$/,
    resource: /ScanShards/,
    holder: /ScanModels/,
    reason: 'only a fleet of more than 250 due models is cut into shards',
  },
  {
    action: /^dynamodb:GetItem$/,
    resource: /Events/,
    holder: /ListQueue/,
    reason:
      'the slots are read only while something waits, as on the queue page of the browser tests; here a slot is free',
  },
  {
    action: /^(dynamodb:(PutItem|Query)|states:(StartExecution|SendTaskFailure))$/,
    holder: /WatchRuns/,
    reason:
      'here no orchestrator is connected, and retrains start when they are asked for: test/unit/retraining/orchestrators/orchestrated.test.ts ends and restarts runs',
  },
  {
    action: /^s3:/,
    resource: /[Rr]outing/,
    holder: /DecideRetrains/,
    reason:
      'a promoted version breaches only after days of outcomes: test/unit/rollout/withdraw-champion.test.ts takes it back',
  },
  {
    action: /^s3:ListBucket$/,
    holder: /PromoteNow|WithdrawChampion/,
    reason: 'says that there is no routing table, as after a bucket was made anew; an abort shows it',
  },
  {
    action: /^dynamodb:DeleteItem$/,
    holder: /ReceiveTrigger|TakeExternalEvents/,
    reason:
      'only an event that the model’s state forbids frees its key; test/unit/retraining/trigger-from-outside.test.ts sends one again',
  },
  { action: /^logs:/, reason: 'functions, and workflows as they are created, write logs; here logs are files' },
  { action: /^xray:/, reason: 'the runtime sends traces; nothing is traced here' },
  { action: /^ec2:/, reason: 'Lambda makes the network interface of a function in a VPC; there is none here' },
  {
    action: /^s3:/,
    holder: /AccessLogs/,
    reason: 'S3 and the network write their logs; neither is logged here',
  },
  { action: /^sns:/, reason: 'CloudWatch publishes alarms, and the owner’s own statement of each topic' },
  {
    action: /^kinesis:(DescribeStream|DescribeStreamConsumer|ListStreams|SubscribeToShard)$/,
    reason: 'CDK’s event source grants what Lambda’s own policy for Kinesis lists',
  },
  { action: /^dynamodb:ListStreams$/, reason: 'CDK’s event source grants what Lambda’s own policy for streams lists' },
  {
    action: /^sqs:(ChangeMessageVisibility|GetQueueUrl|GetQueueAttributes)$/,
    reason: 'CDK’s event source and rule target grant what Lambda and EventBridge may ask of a queue',
  },
  {
    action: /^sqs:SendMessage$/,
    holder: /ScheduleRole|UndeliveredPolicy/,
    reason: 'for calls that never reach Lambda or the queue, which cannot be made to happen here',
  },
  {
    action: /^sqs:SendMessage$/,
    resource: /Failures/,
    reason: 'Lambda hands over what failed for good; the local suite provokes it with a mapping of its own',
  },
  {
    action: /^states:(SendTask(Success|Failure)|StartExecution)$/,
    holder: /DecideRetrains|DispatchRetrains/,
    reason: 'makes good what a function that died left behind; the kill suite dies there by chance only',
  },
  {
    action: /^dynamodb:DeleteItem$/,
    resource: /Idempotency/,
    holder:
      /Ingest|CompleteRun|AbortRollout|VetoCascade|TrustWriter|DistrustWriter|PauseRollout|ResumeRollout|PromoteNow|DelegateApproval|WithdrawChampion|AnswerLoadProbe|DecideSuggestion/,
    reason: 'frees the key when a dependency fails in the middle; none can be made to fail here',
  },
];

export function reviewOf({ action, resource, holder }: Grant): Reviewed | undefined {
  return reviewedGrants.find(
    (entry) =>
      entry.action.test(action) && (entry.resource?.test(resource) ?? true) && (entry.holder?.test(holder) ?? true),
  );
}
