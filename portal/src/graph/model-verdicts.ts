import { useMemo } from 'react';
import { useFleet } from '../api/queries.ts';
import type { FleetRow } from '../api/types.ts';

const byAttention = { sort: 'attention' } as const;

/** Verdicts of models by id: of the hundred that need attention most, which leaves out none that is at risk unless more are. */
export function useModelVerdicts(): ReadonlyMap<string, FleetRow['verdict']> {
  const { data } = useFleet(byAttention);
  return useMemo(
    () => new Map(data?.pages.flatMap(({ items }) => items.map(({ modelId, verdict }) => [modelId, verdict] as const))),
    [data],
  );
}
