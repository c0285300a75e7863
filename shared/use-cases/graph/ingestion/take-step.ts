import { isRunwayError } from '../../../domain/errors.ts';
import { circuitDelay, retryDelay } from '../../../domain/graph/ingestion/hydration.ts';
import { noCounts, type Reconcile } from '../../../domain/graph/ingestion/reconcile.ts';
import { nextAdmission } from './guard-provider.ts';
import type { ReconcilePorts } from './reconcile-ports.ts';
import { type ReconcileStep, type StepLimits, stepReconcile } from './reconcile-provider.ts';

/** Goes on with a reconcile; what gets nowhere is tried again later, until the reconcile has failed. */
export async function takeStep(
  ports: ReconcilePorts,
  step: ReconcileStep,
  { random, ...limits }: StepLimits & { readonly random: () => number },
): Promise<Pick<Reconcile, 'status' | 'counts'> | { readonly waitsSeconds: number }> {
  try {
    const reconcile = await stepReconcile(ports, step, limits);
    return { status: reconcile?.status ?? 'failed', counts: reconcile?.counts ?? noCounts };
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    const { now } = limits;
    const attempts = (await ports.providerStore.get(step.provider, 'reconcile'))?.value.attempts ?? 0;
    const retryAt = await nextAdmission(ports.providerStore, step.provider, now);
    const waitsSeconds =
      retryAt === undefined ? (retryDelay(Math.min(attempts, 5), random()) ?? 0) : circuitDelay(retryAt, now, random());
    await ports.reconcileQueue.send(step, waitsSeconds);
    return { waitsSeconds };
  }
}
