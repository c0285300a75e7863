/** The names that the infrastructure, the functions and the tests share, beside the routes. Nothing else crosses that border. */

/** Functions that no operation calls: streams, queues, schedules, workflow tasks, and what no route matches. */
export const backgroundFunctions = {
  answerUnknownRoute: 'registry/answer-unknown-route',
  relayEvents: 'registry/relay-events',
  joinEvents: 'ground-truth/join-events',
  restateOutcomes: 'ground-truth/restate-outcomes',
  archiveEvents: 'ground-truth/archive-events',
  importSageMaker: 'ground-truth/import-sagemaker',
  startBatchJoin: 'ground-truth/start-batch-join',
  advanceBatchJoin: 'ground-truth/advance-batch-join',
  startBatchQuery: 'ground-truth/start-batch-query',
  checkBatchQuery: 'ground-truth/check-batch-query',
  switchBatchDay: 'ground-truth/switch-batch-day',
  writeBatchMetrics: 'ground-truth/write-batch-metrics',
  scanModels: 'health/scan-models',
  compareEmbeddings: 'health/compare-embeddings',
  buildBaseline: 'health/build-baseline',
  decideRetrains: 'retraining/decide-retrains',
  dispatchRetrains: 'retraining/dispatch-retrains',
  requestTraining: 'retraining/request-training',
  closeRetrain: 'retraining/close-retrain',
  watchRuns: 'retraining/watch-runs',
  advanceCascades: 'retraining/advance-cascades',
  checkLoadability: 'rollout/check-loadability',
  judgeValidation: 'rollout/judge-validation',
  shiftTraffic: 'rollout/shift-traffic',
  judgeStep: 'rollout/judge-step',
  awaitPerson: 'rollout/await-person',
  promoteVersion: 'rollout/promote-version',
  rejectCandidate: 'rollout/reject-candidate',
  rollBackRollout: 'rollout/roll-back',
  projectChanges: 'graph/project-changes',
  rebuildStep: 'graph/rebuild-step',
  enrichGraph: 'graph/enrich',
  applyLineage: 'graph/apply-lineage',
  maintainSearch: 'graph/maintain-search',
  compactGraph: 'graph/compact-graph',
  importStep: 'graph/import-step',
  hydrateEntities: 'graph/hydrate-entities',
  reconcileProviders: 'graph/reconcile-providers',
  takeExternalEvents: 'retraining/take-external-events',
  raiseIncidents: 'notifications/raise-incidents',
  deliverNotifications: 'notifications/deliver-notifications',
} as const;

/** Bundled with the others, deployed where a stage's settings ask for them. */
export const optionalFunctions = {
  runDetectionCanary: 'health/run-detection-canary',
} as const;

/** One ASL file per workflow under `state-machines/`. */
export const workflows = {
  retrainModel: 'retrain-model',
  rollOutVersion: 'roll-out-version',
  rebuildGraph: 'rebuild-graph',
  importGraph: 'import-graph',
  joinGroundTruth: 'ground-truth-batch-join',
} as const;

/** The environment variables a function may ask for; `shared/runtime/env.ts` parses them. */
export const environmentNames = [
  'EVENTS_TABLE',
  'GROUND_TRUTH_TABLE',
  'HEALTH_TABLE',
  'IDEMPOTENCY_TABLE',
  'GRAPH_TABLE',
  'GRAPH_BUCKET',
  'GRAPH_CHANGES_QUEUE_URL',
  'NEPTUNE_ENDPOINT',
  'EVENT_STREAM',
  'EVENT_BUS',
  'ARTIFACT_BUCKET',
  'ROUTING_BUCKET',
  'ROUTING_CONNECTIONS',
  'FAILURE_BUCKET',
  'GROUND_TRUTH_BUCKET',
  'TRAINING_REQUEST_QUEUE_URL',
  'ORCHESTRATORS',
  'RETRAIN_WORKFLOW_ARN',
  'ROLLOUT_WORKFLOW_ARN',
  'REBUILD_WORKFLOW_ARN',
  'IMPORT_WORKFLOW_ARN',
  'BATCH_WORKFLOW_ARN',
  'RAW_RETENTION_DAYS',
  'ATHENA_WORKGROUP',
  'GLUE_DATABASE',
  'WRITER_KEY_SECRET_ARN',
  'MAX_CONCURRENT_RETRAINS',
  'RETRAIN_FREEZE',
  'MAX_CONCURRENT_RETRAINS_PER_TEAM',
  'MAX_CONCURRENT_RETRAINS_PER_ORCHESTRATOR',
  'SCAN_QUEUE_URL',
  'BASELINE_QUEUE_URL',
  'RESTATEMENT_QUEUE_URL',
  'NOTIFICATION_QUEUE_URL',
  'NOTIFICATION_SECRET_PREFIX',
  'NOTIFICATION_TOPIC_PREFIX',
  'TRIGGER_SECRET_PREFIX',
  'LINEAGE_QUEUE_URL',
  'PROVIDER_SECRET_PREFIX',
  'PROVIDER_ORIGINS',
  'HYDRATION_QUEUE_URL',
  'RECONCILE_QUEUE_URL',
  'ROLES_CLAIM',
  'SUBJECT_CLAIM',
] as const;

export type EnvironmentName = (typeof environmentNames)[number];

/** Source of every domain event on the bus; `detail-type` is the event's name. */
export const eventSource = 'runway';

/** `detail-type` of what others put on the bus to ask for a retrain, from any source. */
export const externalTriggerType = 'RetrainTrigger';

/** `detail-type` of what others put on the bus when a dataset, feature or model changes its shape or will go away. */
export const dependencyChangeType = 'DependencyChange';

/** `detail-type` of what others put on the bus to say that something happened to a thing of a provider, from any source. */
export const thinEventType = 'ThinEvent';

/** Instances of each function that reads from providers; of a provider's rate each keeps to its part. */
export const hydrationInstances = 2;

/** Events that change the graph. */
export const projectedEvents = [
  'ModelRegistered',
  'ConsumersDeclared',
  'ChampionDeployed',
  'VersionPromoted',
  'ChampionWithdrawn',
  'ModelDeprecated',
  'ModelRetired',
  'VersionRegistered',
  'RolloutStarted',
  'LoadabilityChecked',
  'ValidationJudged',
  'CanaryStepStarted',
  'CanaryStepJudged',
  'RolloutPromoted',
  'RolloutRefused',
  'RolloutRolledBack',
  'RolloutAborted',
  'RolloutSuperseded',
  'RetrainRequested',
  'RetrainTriggerAdded',
  'RetrainStarted',
  'RetrainRequeued',
  'TrainingStarted',
  'TrainingCompleted',
  'RetrainFailed',
  'RetrainCancelled',
] as const;

/** Events that open, change or end incidents; `shared/domain/notifications/notifying-events.ts` says which. */
export const notifyingEventNames = [
  'HealthChanged',
  'DeprecationProposed',
  'DependencyChanged',
  'ChampionDeployed',
  'VersionPromoted',
  'ModelDeprecated',
  'ModelRetired',
  'RetrainRequeued',
  'TrainingStarted',
  'TrainingCompleted',
  'RetrainCancelled',
  'RetrainFailed',
  'RetrainSucceeded',
  'RolloutRolledBack',
  'RolloutAborted',
  'RolloutSuperseded',
  'ApprovalRequested',
  'ApprovalReminded',
  'ApprovalDecided',
  'ApprovalExpired',
  'RolloutPromoted',
  'RetrainingDecided',
  'CircuitOpened',
  'CircuitClosed',
] as const;

/** Secondary indexes of the events table, see `shared/ports/event-store.ts`. */
export const eventIndexes = { first: 'byList1', second: 'byList2', rows: 'byRow' } as const;

/** CloudWatch namespace of what functions measure themselves; AWS measures calls, queues, streams and workflows. */
export const metricsNamespace = 'Runway';

export type MetricDefinition = {
  /** Value of the dimension `service`: the capability that the figure is about. */
  readonly service: 'registry' | 'graph' | 'ground-truth' | 'health' | 'retraining' | 'rollout' | 'notifications';
  readonly unit: 'Count' | 'None';
  /** `tier` adds the dimension `tier`, 1 … 4. Nothing here is ever kept per model or feature, see docs/adr/0013. */
  readonly by?: 'tier';
};

/** Every metric that functions emit (`shared/runtime/metrics.ts`), and the only ones that alarms may watch. */
export const metrics = {
  /** Changes of the graph's log that its newest snapshot lacks. */
  GraphSnapshotLag: { service: 'graph', unit: 'Count' },
  /** Hints about a change of the graph that could not be sent; its followers see the change at their next look. */
  GraphHintsLost: { service: 'graph', unit: 'Count' },
  /** Of one scan. */
  Evaluations: { service: 'health', unit: 'Count' },
  EvaluationFailures: { service: 'health', unit: 'Count' },
  /** Time since the last evaluation in evaluation intervals, of the model that waits longest; 1 is on time. */
  LatenessIntervals: { service: 'health', unit: 'None' },
  /** Minutes by which that model exceeds its interval; 0 when none does. */
  LatenessMinutes: { service: 'health', unit: 'None' },
  /** Models whose coverage is below their policy's limit (0.8), and the lowest coverage (0..1) among all. */
  ModelsLowCoverage: { service: 'health', unit: 'Count' },
  LowestCoverage: { service: 'health', unit: 'None' },
  ModelsServing: { service: 'health', unit: 'Count', by: 'tier' },
  ModelsAtRisk: { service: 'health', unit: 'Count', by: 'tier' },
  /** From injected drift to the alert about it, or until nobody waited any longer. */
  DetectionMinutes: { service: 'health', unit: 'None' },
  DetectionsMissed: { service: 'health', unit: 'Count' },
  /** Alerts about injected drift among the last 50 alerts of the canary tenant, 0..1. */
  AlertPrecision: { service: 'health', unit: 'None' },
  DetectionCanaryTicks: { service: 'health', unit: 'Count' },
  /** Records, or lines of records, that were put into the failure bucket. */
  RecordsRejected: { service: 'ground-truth', unit: 'Count' },
  /** Records of the stream that a consumer takes again, because a service did not answer; each time counts. */
  RecordsDeferred: { service: 'ground-truth', unit: 'Count' },
  /** Outcomes of which the stream's join decided what they are, and those that it did not attribute. */
  OutcomesDecided: { service: 'ground-truth', unit: 'Count' },
  OutcomesOrphaned: { service: 'ground-truth', unit: 'Count' },
  OutcomesConflicting: { service: 'ground-truth', unit: 'Count' },
  OutcomesLate: { service: 'ground-truth', unit: 'Count' },
  OutcomesDeferred: { service: 'ground-truth', unit: 'Count' },
  /** From the arrival of the oldest record of a batch to its commit. */
  JoinLagSeconds: { service: 'ground-truth', unit: 'None', by: 'tier' },
  /** Stored bytes of the segments that a batch was joined with. */
  SegmentBytes: { service: 'ground-truth', unit: 'None' },
  /** Event dates that the batch join published, and its runs that ended well. */
  BatchDaysJoined: { service: 'ground-truth', unit: 'Count' },
  BatchRunsSucceeded: { service: 'ground-truth', unit: 'Count' },
  /** Predictions and outcomes written to the raw archive; one that is delivered again counts again. */
  RowsArchived: { service: 'ground-truth', unit: 'Count' },
  /** Records that were not taken because of who wrote them: signature, key, team or scope. */
  RecordsUntrusted: { service: 'ground-truth', unit: 'Count' },
  /** Records that were not taken because their writer sent too many events in that minute. */
  RecordsRateLimited: { service: 'ground-truth', unit: 'Count' },
  /** Orchestrators that are asked to start nothing, or little, because they did not answer. */
  CircuitsOpen: { service: 'retraining', unit: 'Count' },
  RetrainsQueued: { service: 'retraining', unit: 'Count', by: 'tier' },
  /** Of the retrain that has been queued longest. */
  OldestQueuedMinutes: { service: 'retraining', unit: 'None', by: 'tier' },
  RetrainsSucceeded: { service: 'retraining', unit: 'Count' },
  RetrainsFailed: { service: 'retraining', unit: 'Count' },
  RolloutsPromoted: { service: 'rollout', unit: 'Count' },
  RolloutsRefused: { service: 'rollout', unit: 'Count' },
  RolloutsRolledBack: { service: 'rollout', unit: 'Count' },
  /** Entities of which search shows something else than the graph's table holds; 0 unless something is broken. */
  SearchDifference: { service: 'graph', unit: 'Count' },
  /** Providers that no reconcile succeeded of for three of their intervals. */
  ProvidersLate: { service: 'graph', unit: 'Count' },
  /** Deliveries of notifications that were given up. */
  NotificationsUndelivered: { service: 'notifications', unit: 'Count' },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metrics;
