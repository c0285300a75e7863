/**
 * The names that the infrastructure, the functions and the tests share. Nothing else crosses that border.
 * A route's `function` is the path of its file under `functions/`, without the extension.
 */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type Route = {
  readonly method: HttpMethod;
  readonly path: string;
  readonly function: string;
  /** `none` only for documents that hold nothing of a customer, and for what is signed instead. */
  readonly authorizer: 'jwt' | 'none';
};

export const routes = {
  registerModel: { method: 'POST', path: '/v1/models', function: 'registry/register-model', authorizer: 'jwt' },
  listModels: { method: 'GET', path: '/v1/models', function: 'registry/list-models', authorizer: 'jwt' },
  getModel: { method: 'GET', path: '/v1/models/{modelId}', function: 'registry/get-model', authorizer: 'jwt' },
  changeLifecycle: {
    method: 'POST',
    path: '/v1/models/{modelId}/lifecycle',
    function: 'registry/change-lifecycle',
    authorizer: 'jwt',
  },
  changePolicy: {
    method: 'PUT',
    path: '/v1/models/{modelId}/policy',
    function: 'registry/change-policy',
    authorizer: 'jwt',
  },
  dryRunPolicy: {
    method: 'POST',
    path: '/v1/models/{modelId}/policy/dry-run',
    function: 'retraining/dry-run-policy',
    authorizer: 'jwt',
  },
  comparePolicies: {
    method: 'GET',
    path: '/v1/models/{modelId}/policies/{policyVersion}/diff',
    function: 'registry/compare-policies',
    authorizer: 'jwt',
  },
  getPolicyDefaults: {
    method: 'GET',
    path: '/v1/teams/{team}/policy-defaults',
    function: 'registry/get-policy-defaults',
    authorizer: 'jwt',
  },
  setPolicyDefaults: {
    method: 'PUT',
    path: '/v1/teams/{team}/policy-defaults',
    function: 'registry/set-policy-defaults',
    authorizer: 'jwt',
  },
  declareConsumers: {
    method: 'PUT',
    path: '/v1/models/{modelId}/consumers',
    function: 'registry/declare-consumers',
    authorizer: 'jwt',
  },
  getHistory: {
    method: 'GET',
    path: '/v1/models/{modelId}/history',
    function: 'registry/get-history',
    authorizer: 'jwt',
  },
  registerVersion: {
    method: 'POST',
    path: '/v1/models/{modelId}/versions',
    function: 'registry/register-version',
    authorizer: 'jwt',
  },
  listVersions: {
    method: 'GET',
    path: '/v1/models/{modelId}/versions',
    function: 'registry/list-versions',
    authorizer: 'jwt',
  },
  getVersion: {
    method: 'GET',
    path: '/v1/models/{modelId}/versions/{version}',
    function: 'registry/get-version',
    authorizer: 'jwt',
  },
  deployVersion: {
    method: 'POST',
    path: '/v1/models/{modelId}/versions/{version}/deployment',
    function: 'registry/deploy-version',
    authorizer: 'jwt',
  },
  issueWriterKey: { method: 'POST', path: '/v1/writers', function: 'registry/issue-writer-key', authorizer: 'jwt' },
  listWriters: { method: 'GET', path: '/v1/writers', function: 'registry/list-writers', authorizer: 'jwt' },
  getWriter: { method: 'GET', path: '/v1/writers/{team}/{name}', function: 'registry/get-writer', authorizer: 'jwt' },
  rotateWriterKey: {
    method: 'POST',
    path: '/v1/writers/{team}/{name}/rotation',
    function: 'registry/rotate-writer-key',
    authorizer: 'jwt',
  },
  revokeWriter: {
    method: 'POST',
    path: '/v1/writers/{team}/{name}/revocation',
    function: 'registry/revoke-writer',
    authorizer: 'jwt',
  },

  distrustWriter: {
    method: 'POST',
    path: '/v1/writers/{team}/{name}/distrust',
    function: 'ground-truth/distrust-writer',
    authorizer: 'jwt',
  },
  trustWriter: {
    method: 'POST',
    path: '/v1/writers/{team}/{name}/trust',
    function: 'ground-truth/trust-writer',
    authorizer: 'jwt',
  },
  listRestatements: {
    method: 'GET',
    path: '/v1/writers/{team}/{name}/restatements',
    function: 'ground-truth/list-restatements',
    authorizer: 'jwt',
  },

  postPredictions: {
    method: 'POST',
    path: '/v1/predictions',
    function: 'ground-truth/ingest-predictions',
    authorizer: 'jwt',
  },
  postOutcomes: { method: 'POST', path: '/v1/outcomes', function: 'ground-truth/ingest-outcomes', authorizer: 'jwt' },
  getPerformance: {
    method: 'GET',
    path: '/v1/models/{modelId}/performance',
    function: 'ground-truth/get-performance',
    authorizer: 'jwt',
  },
  getPairedPerformance: {
    method: 'GET',
    path: '/v1/models/{modelId}/paired-performance',
    function: 'ground-truth/get-paired-performance',
    authorizer: 'jwt',
  },
  getPerformanceSeries: {
    method: 'GET',
    path: '/v1/models/{modelId}/performance-series',
    function: 'ground-truth/get-performance-series',
    authorizer: 'jwt',
  },

  evaluateModel: {
    method: 'POST',
    path: '/v1/models/{modelId}/evaluations',
    function: 'health/evaluate-model',
    authorizer: 'jwt',
  },
  listEvaluations: {
    method: 'GET',
    path: '/v1/models/{modelId}/evaluations',
    function: 'health/list-evaluations',
    authorizer: 'jwt',
  },
  replayEvaluation: {
    method: 'GET',
    path: '/v1/models/{modelId}/evaluations/{evaluationId}/replay',
    function: 'health/replay-evaluation',
    authorizer: 'jwt',
  },
  runBacktest: {
    method: 'POST',
    path: '/v1/models/{modelId}/backtests',
    function: 'health/run-backtest',
    authorizer: 'jwt',
  },
  getAlertBudget: {
    method: 'GET',
    path: '/v1/teams/{team}/alert-budget',
    function: 'health/get-alert-budget',
    authorizer: 'jwt',
  },
  setAlertBudget: {
    method: 'PUT',
    path: '/v1/teams/{team}/alert-budget',
    function: 'health/set-alert-budget',
    authorizer: 'jwt',
  },
  getHealth: { method: 'GET', path: '/v1/models/{modelId}/health', function: 'health/get-health', authorizer: 'jwt' },
  listFleet: { method: 'GET', path: '/v1/fleet', function: 'health/list-fleet', authorizer: 'jwt' },
  getTimeline: {
    method: 'GET',
    path: '/v1/models/{modelId}/timeline',
    function: 'health/get-timeline',
    authorizer: 'jwt',
  },
  getEmbeddingStability: {
    method: 'GET',
    path: '/v1/models/{modelId}/versions/{version}/embedding-stability',
    function: 'health/get-embedding-stability',
    authorizer: 'jwt',
  },
  getDrift: { method: 'GET', path: '/v1/models/{modelId}/drift', function: 'health/get-drift', authorizer: 'jwt' },

  requestRetrain: {
    method: 'POST',
    path: '/v1/models/{modelId}/retrains',
    function: 'retraining/request-retrain',
    authorizer: 'jwt',
  },
  listDecisions: {
    method: 'GET',
    path: '/v1/models/{modelId}/decisions',
    function: 'retraining/list-decisions',
    authorizer: 'jwt',
  },
  listRetrains: {
    method: 'GET',
    path: '/v1/models/{modelId}/retrains',
    function: 'retraining/list-retrains',
    authorizer: 'jwt',
  },
  listQueue: { method: 'GET', path: '/v1/retraining-queue', function: 'retraining/list-queue', authorizer: 'jwt' },
  planRetrains: {
    method: 'POST',
    path: '/v1/retraining-plans',
    function: 'retraining/plan-retrains',
    authorizer: 'jwt',
  },
  holdRetrain: {
    method: 'POST',
    path: '/v1/retrains/{retrainId}/hold',
    function: 'retraining/hold-retrain',
    authorizer: 'jwt',
  },
  releaseRetrain: {
    method: 'POST',
    path: '/v1/retrains/{retrainId}/release',
    function: 'retraining/release-retrain',
    authorizer: 'jwt',
  },
  bumpRetrain: {
    method: 'POST',
    path: '/v1/retrains/{retrainId}/bump',
    function: 'retraining/bump-retrain',
    authorizer: 'jwt',
  },
  cancelRetrain: {
    method: 'POST',
    path: '/v1/retrains/{retrainId}/cancellation',
    function: 'retraining/cancel-retrain',
    authorizer: 'jwt',
  },
  listCascades: { method: 'GET', path: '/v1/cascades', function: 'retraining/list-cascades', authorizer: 'jwt' },
  getCascade: {
    method: 'GET',
    path: '/v1/cascades/{cascadeId}',
    function: 'retraining/get-cascade',
    authorizer: 'jwt',
  },
  vetoCascade: {
    method: 'POST',
    path: '/v1/cascades/{cascadeId}/veto',
    function: 'retraining/veto-cascade',
    authorizer: 'jwt',
  },
  getRun: { method: 'GET', path: '/v1/runs/{runId}', function: 'retraining/get-run', authorizer: 'jwt' },
  attachRun: {
    method: 'POST',
    path: '/v1/retrains/{retrainId}/run',
    function: 'retraining/attach-run',
    authorizer: 'jwt',
  },
  completeRun: {
    method: 'POST',
    path: '/v1/runs/{runId}/completion',
    function: 'retraining/complete-run',
    authorizer: 'jwt',
  },

  listRollouts: {
    method: 'GET',
    path: '/v1/models/{modelId}/rollouts',
    function: 'rollout/list-rollouts',
    authorizer: 'jwt',
  },
  getRollout: { method: 'GET', path: '/v1/rollouts/{rolloutId}', function: 'rollout/get-rollout', authorizer: 'jwt' },
  abortRollout: {
    method: 'POST',
    path: '/v1/rollouts/{rolloutId}/abort',
    function: 'rollout/abort-rollout',
    authorizer: 'jwt',
  },
  pauseRollout: {
    method: 'POST',
    path: '/v1/rollouts/{rolloutId}/pause',
    function: 'rollout/pause-rollout',
    authorizer: 'jwt',
  },
  resumeRollout: {
    method: 'POST',
    path: '/v1/rollouts/{rolloutId}/resumption',
    function: 'rollout/resume-rollout',
    authorizer: 'jwt',
  },
  promoteRollout: {
    method: 'POST',
    path: '/v1/rollouts/{rolloutId}/promotion',
    function: 'rollout/promote-now',
    authorizer: 'jwt',
  },
  withdrawChampion: {
    method: 'POST',
    path: '/v1/models/{modelId}/rollbacks',
    function: 'rollout/withdraw-champion',
    authorizer: 'jwt',
  },
  listApprovals: { method: 'GET', path: '/v1/approvals', function: 'rollout/list-approvals', authorizer: 'jwt' },
  getApproval: {
    method: 'GET',
    path: '/v1/approvals/{approvalId}',
    function: 'rollout/get-approval',
    authorizer: 'jwt',
  },
  decideApproval: {
    method: 'POST',
    path: '/v1/approvals/{approvalId}/decision',
    function: 'rollout/decide-approval',
    authorizer: 'jwt',
  },
  delegateApproval: {
    method: 'POST',
    path: '/v1/approvals/{approvalId}/delegation',
    function: 'rollout/delegate-approval',
    authorizer: 'jwt',
  },
  answerLoadProbe: {
    method: 'POST',
    path: '/v1/load-probes/{probeId}/result',
    function: 'rollout/answer-load-probe',
    authorizer: 'jwt',
  },
  getRouting: {
    method: 'GET',
    path: '/v1/models/{modelId}/routing',
    function: 'rollout/get-routing',
    authorizer: 'jwt',
  },

  getLineage: {
    method: 'GET',
    path: '/v1/models/{modelId}/lineage',
    function: 'graph/get-lineage',
    authorizer: 'jwt',
  },
  getImpact: { method: 'GET', path: '/v1/models/{modelId}/impact', function: 'graph/get-impact', authorizer: 'jwt' },
  searchEntities: { method: 'GET', path: '/v1/search', function: 'graph/search-entities', authorizer: 'jwt' },
  setEdgeOverride: {
    method: 'PUT',
    path: '/v1/edge-overrides',
    function: 'graph/set-edge-override',
    authorizer: 'jwt',
  },
  listEdgeOverrides: {
    method: 'GET',
    path: '/v1/edge-overrides',
    function: 'graph/list-edge-overrides',
    authorizer: 'jwt',
  },
  withdrawEdgeOverride: {
    method: 'DELETE',
    path: '/v1/edge-overrides',
    function: 'graph/withdraw-edge-override',
    authorizer: 'jwt',
  },
  listSuggestions: {
    method: 'GET',
    path: '/v1/suggestions',
    function: 'graph/list-suggestions',
    authorizer: 'jwt',
  },
  decideSuggestion: {
    method: 'POST',
    path: '/v1/suggestions/{suggestionId}/decision',
    function: 'graph/decide-suggestion',
    authorizer: 'jwt',
  },
  getSimilarEntities: {
    method: 'GET',
    path: '/v1/entities/{uri}/similar',
    function: 'graph/get-similar-entities',
    authorizer: 'jwt',
  },
  getMetadataQuality: {
    method: 'GET',
    path: '/v1/entities/{uri}/quality',
    function: 'graph/get-metadata-quality',
    authorizer: 'jwt',
  },
  getTeamMetadataQuality: {
    method: 'GET',
    path: '/v1/teams/{team}/metadata-quality',
    function: 'graph/get-team-metadata-quality',
    authorizer: 'jwt',
  },
  startGraphRebuild: {
    method: 'POST',
    path: '/v1/graph/rebuilds',
    function: 'graph/start-rebuild',
    authorizer: 'jwt',
  },
  getGraphRebuild: {
    method: 'GET',
    path: '/v1/graph/rebuilds/{rebuildId}',
    function: 'graph/get-rebuild',
    authorizer: 'jwt',
  },

  queryGraph: { method: 'POST', path: '/graphql', function: 'graph/query-graphql', authorizer: 'jwt' },
  listEntityTypes: {
    method: 'GET',
    path: '/v1/entity-types',
    function: 'graph/list-entity-types',
    authorizer: 'jwt',
  },
  getEntity: { method: 'GET', path: '/v1/entities/{uri}', function: 'graph/get-entity', authorizer: 'jwt' },
  getEntityLineage: {
    method: 'GET',
    path: '/v1/entities/{uri}/lineage',
    function: 'graph/get-entity-lineage',
    authorizer: 'jwt',
  },
  getEntityImpact: {
    method: 'GET',
    path: '/v1/entities/{uri}/impact',
    function: 'graph/get-entity-impact',
    authorizer: 'jwt',
  },
  findPath: { method: 'GET', path: '/v1/paths', function: 'graph/find-path', authorizer: 'jwt' },
  listEntityCycles: {
    method: 'GET',
    path: '/v1/entity-cycles',
    function: 'graph/list-entity-cycles',
    authorizer: 'jwt',
  },
  listDeprecationCandidates: {
    method: 'GET',
    path: '/v1/deprecation-candidates',
    function: 'graph/list-deprecation-candidates',
    authorizer: 'jwt',
  },
  compareDependencies: {
    method: 'GET',
    path: '/v1/dependency-diff',
    function: 'graph/compare-dependencies',
    authorizer: 'jwt',
  },
  importGraph: { method: 'POST', path: '/v1/graph/import', function: 'graph/import-graph', authorizer: 'jwt' },
  openGraphImport: { method: 'POST', path: '/v1/graph/imports', function: 'graph/open-import', authorizer: 'jwt' },
  putGraphImportPart: {
    method: 'PUT',
    path: '/v1/graph/imports/{importId}/parts/{part}',
    function: 'graph/put-import-part',
    authorizer: 'jwt',
  },
  commitGraphImport: {
    method: 'POST',
    path: '/v1/graph/imports/{importId}/commit',
    function: 'graph/commit-import',
    authorizer: 'jwt',
  },
  getGraphImport: {
    method: 'GET',
    path: '/v1/graph/imports/{importId}',
    function: 'graph/get-import',
    authorizer: 'jwt',
  },

  getNotificationTargets: {
    method: 'GET',
    path: '/v1/teams/{team}/notification-targets',
    function: 'notifications/get-notification-targets',
    authorizer: 'jwt',
  },
  setNotificationTargets: {
    method: 'PUT',
    path: '/v1/teams/{team}/notification-targets',
    function: 'notifications/set-notification-targets',
    authorizer: 'jwt',
  },
  listIncidents: {
    method: 'GET',
    path: '/v1/teams/{team}/incidents',
    function: 'notifications/list-incidents',
    authorizer: 'jwt',
  },
  acknowledgeIncident: {
    method: 'POST',
    path: '/v1/incidents/{incidentId}/acknowledgement',
    function: 'notifications/acknowledge-incident',
    authorizer: 'jwt',
  },
  listNotifications: {
    method: 'GET',
    path: '/v1/teams/{team}/notifications',
    function: 'notifications/list-notifications',
    authorizer: 'jwt',
  },
  replayNotification: {
    method: 'POST',
    path: '/v1/teams/{team}/notifications/{notificationId}/replay',
    function: 'notifications/replay-notification',
    authorizer: 'jwt',
  },

  listProviders: { method: 'GET', path: '/v1/providers', function: 'graph/list-providers', authorizer: 'jwt' },
  setProvider: { method: 'PUT', path: '/v1/providers/{provider}', function: 'graph/set-provider', authorizer: 'jwt' },
  reconcileProvider: {
    method: 'POST',
    path: '/v1/providers/{provider}/reconcile',
    function: 'graph/reconcile-provider',
    authorizer: 'jwt',
  },
  receiveProviderEvent: {
    method: 'POST',
    path: '/v1/providers/{provider}/events',
    function: 'graph/receive-provider-event',
    authorizer: 'none',
  },

  receiveTrigger: {
    method: 'POST',
    path: '/v1/triggers/{modelId}',
    function: 'retraining/receive-trigger',
    authorizer: 'none',
  },

  postLineage: {
    method: 'POST',
    path: '/api/v1/lineage',
    function: 'graph/post-lineage',
    authorizer: 'none',
  },
  postLineageBatch: {
    method: 'POST',
    path: '/api/v1/lineage/batch',
    function: 'graph/post-lineage-batch',
    authorizer: 'none',
  },

  getOpenApi: { method: 'GET', path: '/v1/openapi.json', function: 'registry/get-openapi', authorizer: 'none' },
} as const satisfies Record<string, Route>;

export type OperationId = keyof typeof routes;

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
