import type { World } from '../retraining/memory-world.ts';
import { hour } from './flight-rollouts.ts';

export const holdoutUri = 's3://artifacts/late-basic/holdout.ndjson';

/** 600 rows over three days on which the candidate's loss is a fifth below the champion's. */
export function holdoutRows(): string {
  const row = (index: number) => ({
    predictionId: `f${index}`,
    predictedAt: hour(-100 + index * 0.12),
    label: index % 2,
    championScore: index % 2 === 1 ? 0.6 : 0.4,
    candidateScore: index % 2 === 1 ? 0.66 : 0.34,
  });
  return Array.from({ length: 600 }, (_, index) => JSON.stringify(row(index))).join('\n');
}

/** Those rows where candidates of `late-basic` are judged. */
export function givenHoldout(world: World): { readonly uri: string; readonly digest: string } {
  return { uri: holdoutUri, digest: world.put(holdoutUri, holdoutRows()) };
}
