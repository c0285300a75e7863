/**
 * Edges point from dependant to dependency. `isDependency` says whether lineage and impact walk them: `versionOf` says
 * where a version belongs and is not walked, because a model depends on the version that serves it, and walking both
 * would make a cycle of every model.
 */
export const edgeTypes = {
  /** A model, version, pipeline, run or service reads it. */
  consumes: { isDependency: true },
  /** Model → the version that serves it. */
  servedBy: { isDependency: true },
  /** Version → dataset. */
  trainedOn: { isDependency: true },
  /** Dataset, version or artifact → the pipeline or run that made it. */
  producedBy: { isDependency: true },
  /** Dataset → dataset, feature → feature, column → column, version → the version it was tuned from. */
  derivedFrom: { isDependency: true },
  /** Pipeline run → pipeline. */
  runOf: { isDependency: true },
  /** Run → the run or event that started it. */
  triggeredBy: { isDependency: true },
  /** Pipeline → schedule. */
  scheduledBy: { isDependency: true },
  /** Evaluation → what it judges. */
  evaluates: { isDependency: true },
  /** Explainer model → the model that it explains. */
  explains: { isDependency: true },
  ownedBy: { isDependency: true },
  versionOf: { isDependency: false },
  /** Step → pipeline, column → dataset, cell → experiment, feature → feature view. */
  partOf: { isDependency: false },
  /** Model or version → experiment or cell that serves it to some. */
  testedBy: { isDependency: false },
  /** Person → team. */
  memberOf: { isDependency: false },
  /** Another name → the canonical one: both are the same entity to whoever walks. */
  aliasOf: { isDependency: false },
} as const satisfies Record<string, { readonly isDependency: boolean }>;

export type EdgeType = keyof typeof edgeTypes;

export const edgeTypeNames = Object.keys(edgeTypes) as [EdgeType, ...EdgeType[]];

export function isEdgeType(type: string): type is EdgeType {
  return Object.hasOwn(edgeTypes, type);
}
