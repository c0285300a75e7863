/** Names of the streams and of what they are about. All follow from counters in the model's state, so none is drawn at random. */
export function modelStream(modelId: string): string {
  return `model#${modelId}`;
}

export function teamStream(team: string): string {
  return `team#${team}`;
}

export function policyDefaultsStream(team: string): string {
  return `policy-defaults#${team}`;
}

/** `writer`: `<team>/<name>`. */
export function writerStream(writer: string): string {
  return `writer#${writer}`;
}

/** `restatementId`: see `restatementIdOf`. */
export function restatementStream(restatementId: string): string {
  return `restatement#${restatementId}`;
}

export function versionStream(modelId: string, version: number): string {
  return `version#${modelId}#${version}`;
}

export function retrainStream(retrainId: string): string {
  return `retrain#${retrainId}`;
}

/** What was decided about retraining a model. */
export function decisionsStream(modelId: string): string {
  return `decisions#${modelId}`;
}

/** `month`: `2001-01`. */
export function trainingCostsStream(team: string, month: string): string {
  return `training-costs#${team}#${month}`;
}

export function rolloutStream(rolloutId: string): string {
  return `rollout#${rolloutId}`;
}

/** `cascadeId`: see `cascadeIdOf`. */
export function cascadeStream(cascadeId: string): string {
  return `cascade#${cascadeId}`;
}

/** Id of what follows the promotion of a version. */
export function cascadeIdOf(modelId: string, version: number): string {
  return `${modelId}-v${version}`;
}

/** The version whose promotion a cascade follows; undefined when the text is not the id of a cascade. */
export function versionOfCascade(
  cascadeId: string,
): { readonly modelId: string; readonly version: number } | undefined {
  const [, modelId, version] = /^(.+)-v(\d+)$/.exec(cascadeId) ?? [];
  return modelId === undefined ? undefined : { modelId, version: Number(version) };
}

/** `connection`: as the stage names what it starts trainings with. */
export function circuitStream(connection: string): string {
  return `circuit#${connection}`;
}

/** `subject`: a model's id, or `circuit.<connection>`. */
export function incidentSeriesStream(subject: string): string {
  return `incidents#${subject}`;
}

export function incidentStream(incidentId: string): string {
  return `incident#${incidentId}`;
}

export function notificationStream(notificationId: string): string {
  return `notification#${notificationId}`;
}

export function notificationTargetsStream(team: string): string {
  return `notification-targets#${team}`;
}

/** Id of a model's retrain number `count`, from 1. */
export function retrainIdOf(modelId: string, count: number): string {
  return `${modelId}-r${count}`;
}

/** Id of a model's rollout number `count`, from 1. */
export function rolloutIdOf(modelId: string, count: number): string {
  return `${modelId}-o${count}`;
}

/** Nine digits, so that numbers sort as text. */
export function sortableNumber(value: number): string {
  return String(value).padStart(9, '0');
}
