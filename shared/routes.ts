/** The routes of the HTTP API. A route's `function` is the path of its file under `functions/`, without the extension. */
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
  deleteProvider: {
    method: 'DELETE',
    path: '/v1/providers/{provider}',
    function: 'graph/delete-provider',
    authorizer: 'jwt',
  },
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
