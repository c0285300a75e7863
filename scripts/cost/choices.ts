import type { Workload } from './assumptions.ts';
import { type Cap, defaultCap, type Fleet } from './fleet.ts';
import type { Packing } from './stream-cost.ts';
import { type Design, type TotalCost, totalCost } from './total-cost.ts';

/** USD per million predictions, the join included. */
export const target = 0.02;

/** As producers do when nothing is said. */
export const defaultPacking = packed(0.2);
/** How long the join of a stage waits when nothing is said. */
const presentWindowSeconds = 1;

export const smallFleet: Fleet = { models: 500, exponent: 1 };
export const largeFleet: Fleet = { models: 10_000, exponent: 1 };
export const fleets = [smallFleet, largeFleet] as const;

/** Fewer rows make verdicts late, more make them dear. */
export const caps: readonly Cap[] = [1_000, 3_000, defaultCap, 30_000, 100_000, Number.POSITIVE_INFINITY];

export function packed(flushSeconds: number): Extract<Packing, { kind: 'packed' }> {
  return { kind: 'packed', recordBytes: 25_000, flushSeconds };
}

/** A model's `sampling.ratio` is set to what the cap leaves, so that outcomes are thinned with it. */
const common = {
  reported: 'of the sample',
  cap: defaultCap,
  mode: 'provisioned',
  capacity: 'on-demand',
  archive: 'own consumer',
} as const;

/** What a stage is when nothing is set. */
export function presentDesign(fleet: Fleet): Design {
  return { ...common, fleet, packing: defaultPacking, store: 'segments', windowSeconds: presentWindowSeconds };
}

/** The same with batches of a minute. */
export function minuteDesign(fleet: Fleet): Design {
  return { ...presentDesign(fleet), windowSeconds: 60 };
}

/** Producers that wait for half a minute, batches of five. */
export function patientDesign(fleet: Fleet): Design {
  return { ...presentDesign(fleet), packing: packed(30), windowSeconds: 300 };
}

export type NamedDesign = {
  readonly name: string;
  /** A stage can be set so today. */
  readonly isBuilt: boolean;
  readonly design: (fleet: Fleet) => Design;
};

export const designs: readonly NamedDesign[] = [
  { name: 'nothing set: records leave after 200 ms, batches of 1 s', isBuilt: true, design: presentDesign },
  { name: 'batches of a minute', isBuilt: true, design: minuteDesign },
  {
    name: 'batches of a minute, cap alone: outcomes of all predictions are sent',
    isBuilt: true,
    design: (fleet) => ({ ...minuteDesign(fleet), reported: 'of all predictions' }),
  },
  { name: 'records leave after 30 s, batches of five minutes', isBuilt: true, design: patientDesign },
  {
    name: 'records after 30 s, five minutes, cap of 10,000 for a twentieth of the models and 1,000 for the others',
    isBuilt: true,
    design: (fleet) => ({ ...patientDesign(fleet), cap: { share: 0.05, leading: defaultCap, others: 1_000 } }),
  },
  {
    name: 'default cap, five minutes, with provisioned capacity of the table',
    isBuilt: false,
    design: (fleet) => ({ ...patientDesign(fleet), capacity: 'provisioned' }),
  },
  {
    name: 'default cap, five minutes, with parts of segments in S3',
    isBuilt: false,
    design: (fleet) => ({ ...patientDesign(fleet), store: 'segments, parts in S3' }),
  },
];

export function costAt(cap: Cap, design: Design, workload: Workload): TotalCost {
  return totalCost({ ...design, cap }, workload);
}
