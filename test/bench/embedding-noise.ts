// How often trainings on resampled data breach, against the noise of one other training and against the policy's limits.
// `node test/bench/embedding-noise.ts [comparisons]`; docs/adr/0019-two-embedding-verdicts.md holds what 300 gave.
import { judgeEmbeddings } from '../../shared/domain/health/embedding/judge-embeddings.ts';
import { seededRandom } from '../../shared/domain/seeded-random.ts';
import { ratings, trainOnResample } from '../support/resampled-versions.ts';

const comparisons = Number(process.argv[2] ?? 300);

function breaches(users: number) {
  const random = seededRandom(7);
  const counts = { againstNoise: 0, alone: 0, residual: 0 };
  for (let seed = 0; seed < comparisons; seed += 1) {
    const data = ratings(users, random);
    const [first, second, third] = [1, 2, 3].map(() => trainOnResample(data, random));
    const pair = { reference: first!, current: second! };
    const against = judgeEmbeddings(pair, { seed, noise: [{ reference: first!, current: third! }] });
    const alone = judgeEmbeddings(pair, { seed });
    if (against.intrinsic.kind === 'breach') counts.againstNoise += 1;
    if (alone.intrinsic.kind === 'breach') counts.alone += 1;
    counts.residual += (alone.figures.procrustes.value ?? 0) / comparisons;
  }
  return counts;
}

console.log('users  mean residual  breaches against noise  breaches without a floor  of');
for (const users of [30, 80, 200, 600]) {
  const { residual, againstNoise, alone } = breaches(users);
  console.log([users, residual.toFixed(2), againstNoise, alone, comparisons].join('\t'));
}
