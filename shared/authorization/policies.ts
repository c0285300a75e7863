/**
 * Who may do what, in Cedar. Actions are the operation ids of `shared/names.ts`. A resource is a model or something that
 * belongs to one; it has a `team` when the caller knows it. What no policy permits is denied.
 */
export const policies = `
// Everyone who works with models reads all of them; service roles read nothing but what they are given below.
permit (principal, action in Action::"read", resource)
when { principal.roles.contains("viewer") || !principal.editorOf.isEmpty() || !principal.approverOf.isEmpty() };

permit (principal, action in Action::"edit", resource)
when { resource has team && principal.editorOf.contains(resource.team) };

permit (principal, action in Action::"approve", resource)
when { resource has team && principal.approverOf.contains(resource.team) };

// An approver may let somebody else decide one approval; that somebody delegates it no further.
permit (principal, action == Action::"decideApproval", resource)
when { resource has delegates && resource.delegates.contains(principal.name) };

permit (principal, action in Action::"train", resource)
when { resource has team && principal.trainerOf.contains(resource.team) };

// A batch touches many models: without a team the question is whether the caller may send any at all.
permit (principal, action == Action::"postOutcomes", resource)
when { if resource has team then principal.labelWriterOf.contains(resource.team) else !principal.labelWriterOf.isEmpty() };

permit (principal, action == Action::"postPredictions", resource)
when { if resource has team then principal.predictionWriterOf.contains(resource.team) else !principal.predictionWriterOf.isEmpty() };

// What a provider knows of the graph is of many teams: whoever may import, imports for the provider.
permit (principal, action in Action::"import", resource)
when { principal.roles.contains("graph-importer") };

permit (principal, action, resource)
when { principal.roles.contains("admin") };
`;

/** The groups of actions the policies speak of. An operation in none of them is for admins and its own policy. */
export const actionGroups = {
  read: [
    'listModels',
    'getModel',
    'getHistory',
    'listVersions',
    'getVersion',
    'getPerformance',
    'getPairedPerformance',
    'getPerformanceSeries',
    'listEvaluations',
    'replayEvaluation',
    'getHealth',
    'getAlertBudget',
    'getPolicyDefaults',
    'listFleet',
    'getTimeline',
    'getDrift',
    'getEmbeddingStability',
    'listDecisions',
    'comparePolicies',
    'listRetrains',
    'listQueue',
    'planRetrains',
    'listCascades',
    'getCascade',
    'getRun',
    'listRollouts',
    'getRollout',
    'listApprovals',
    'getApproval',
    'getRouting',
    'getLineage',
    'getImpact',
    'searchEntities',
    'listEntityTypes',
    'getEntity',
    'getEntityLineage',
    'getEntityImpact',
    'queryGraph',
    'getGraphImport',
    'findPath',
    'listEntityCycles',
    'listDeprecationCandidates',
    'compareDependencies',
    'listEdgeOverrides',
    'listSuggestions',
    'getSimilarEntities',
    'getMetadataQuality',
    'getTeamMetadataQuality',
    'listWriters',
    'getWriter',
    'listRestatements',
    'getNotificationTargets',
    'listIncidents',
    'listNotifications',
    'listProviders',
  ],
  edit: [
    'registerModel',
    'changeLifecycle',
    'changePolicy',
    'declareConsumers',
    'registerVersion',
    'deployVersion',
    'evaluateModel',
    'runBacktest',
    'dryRunPolicy',
    'setAlertBudget',
    'setPolicyDefaults',
    'requestRetrain',
    'attachRun',
    'holdRetrain',
    'releaseRetrain',
    'cancelRetrain',
    'vetoCascade',
    'abortRollout',
    'pauseRollout',
    'resumeRollout',
    'answerLoadProbe',
    'withdrawChampion',
    'issueWriterKey',
    'rotateWriterKey',
    'revokeWriter',
    'setNotificationTargets',
    'acknowledgeIncident',
    'replayNotification',
    'setEdgeOverride',
    'withdrawEdgeOverride',
    'decideSuggestion',
  ],
  // Whose labels count decides about rollbacks: that is not for those who write them.
  // Who goes ahead in a queue of all teams is not for the team that waits.
  approve: [
    'deployVersion',
    'abortRollout',
    'pauseRollout',
    'resumeRollout',
    'promoteRollout',
    'withdrawChampion',
    'decideApproval',
    'delegateApproval',
    'holdRetrain',
    'releaseRetrain',
    'bumpRetrain',
    'cancelRetrain',
    'vetoCascade',
    'revokeWriter',
    'distrustWriter',
    'trustWriter',
  ],
  import: ['importGraph', 'openGraphImport', 'putGraphImportPart', 'commitGraphImport', 'getGraphImport'],
  train: ['registerVersion', 'getRun', 'completeRun', 'answerLoadProbe'],
} as const;

/** What the policies may mention; the test validates them against it. */
export const schema = `
entity Actor = {
  name: String, roles: Set<String>, editorOf: Set<String>, approverOf: Set<String>, trainerOf: Set<String>,
  labelWriterOf: Set<String>, predictionWriterOf: Set<String>,
};
entity Resource = { team?: String, delegates?: Set<String> };
`;
