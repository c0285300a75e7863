import type { ModelDefinition } from '../../shared/domain/registry/schemas.ts';

/** How the inputs and labels of a seeded model look. */
export type Story = 'healthy' | 'drifted' | 'unlabelled' | 'silent';

export type SeededModel = {
  readonly modelId: string;
  readonly story: Story;
  readonly definition: ModelDefinition;
};

const domains = ['pricing', 'search', 'fraud', 'arrival', 'adverts', 'churn', 'supply', 'ranking', 'credit', 'support'];
const subjects = ['hotels', 'riders', 'cards', 'homes', 'routes', 'carts', 'songs'];

/**
 * `count` models of `teams` teams in all tiers, each with its features out of a pool that is shared, so that a feature
 * has several consumers. Of ten, one has drifted, one has no labels and one no traffic. Always the same.
 */
export function fleetModels(count: number, { teams, features }: { readonly teams: number; readonly features: number }) {
  const pool = Math.max(features, Math.ceil((count * features) / 12));
  const width = String(count).length;
  const idOf = (i: number) =>
    `${domains[i % domains.length]}-${subjects[i % subjects.length]}-${String(i + 1).padStart(width, '0')}`;
  return Array.from({ length: count }, (_, i): SeededModel => {
    const names = Array.from({ length: features }, (__, j) => `feature_${(i * features + j * 7919) % pool}`);
    const definition: ModelDefinition = {
      name: idOf(i),
      description: `Seeded model ${i + 1} of ${count}`,
      domain: domains[i % domains.length]!,
      team: `team-${String((i % teams) + 1).padStart(2, '0')}`,
      tier: ([1, 2, 3, 4] as const)[i % 4]!,
      taskType: 'binary',
      features: unique(names).map((name) => ({ name, type: 'numeric', required: true, importance: 1 })),
      attributionWindowMinutes: 60,
      speedWindowMinutes: 60,
      upstreamModels: i > 0 && i % 3 === 0 ? [idOf(i / 3)] : [],
      buckets: 1,
    };
    return { modelId: definition.name, story: storyOf(i), definition };
  });
}

function storyOf(i: number): Story {
  if (i % 10 === 3) return 'drifted';
  if (i % 10 === 6) return 'unlabelled';
  return i % 10 === 9 ? 'silent' : 'healthy';
}

/** A pool that a stride divides gives a name twice; the number goes on where it is free. */
function unique(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  for (const name of names) {
    let free = name;
    while (taken.has(free)) free = `${free}_b`;
    taken.add(free);
  }
  return [...taken];
}
