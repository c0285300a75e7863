/** Which version serves which share of the requests of a model, and which ones score beside it. */
export type Routing = {
  readonly modelId: string;
  /** Grows with every change. */
  readonly generation: number;
  readonly changedAt: string;
  readonly arms: readonly { readonly version: number; readonly role: string; readonly weightPercent: number }[];
  /** `until` absent: as long as the rollout lasts. */
  readonly shadows: readonly { readonly version: number; readonly until?: string }[];
  readonly rolloutId?: string;
};

/** Throws an Error that says what is wrong: a table by which requests would be lost must never be served by. */
export function parseRouting(modelId: string, text: string): Routing {
  const routing: unknown = JSON.parse(text);
  if (!isRouting(routing)) throw new Error(`the routing table of ${modelId} is of another shape`);
  if (routing.modelId !== modelId) throw new Error(`the routing table of ${routing.modelId}, expected ${modelId}`);
  const total = routing.arms.reduce((sum, { weightPercent }) => sum + weightPercent, 0);
  if (Math.abs(total - 100) > 1e-9) throw new Error(`weights that sum to ${total}, expected 100`);
  return routing;
}

function isRouting(value: unknown): value is Routing {
  if (!isRecord(value)) return false;
  const { modelId, generation, changedAt, arms, shadows } = value;
  return (
    typeof modelId === 'string' &&
    Number.isInteger(generation) &&
    typeof changedAt === 'string' &&
    Array.isArray(arms) &&
    arms.every(isArm) &&
    Array.isArray(shadows) &&
    shadows.every((shadow) => isRecord(shadow) && Number.isInteger(shadow.version))
  );
}

function isArm(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { version, role, weightPercent } = value;
  return (
    Number.isInteger(version) && typeof role === 'string' && typeof weightPercent === 'number' && weightPercent >= 0
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
