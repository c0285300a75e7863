import type { Workload } from './assumptions.ts';
import { archiveCost, batchCost } from './batch-cost.ts';
import {
  defaultPacking,
  fleets,
  largeFleet,
  minuteDesign,
  packed,
  patientDesign,
  presentDesign,
  smallFleet,
} from './choices.ts';
import { type Cap, defaultCap, type Fleet, modelRates, sampledPerDay } from './fleet.ts';
import { batchOf, callsFor } from './join-batch.ts';
import { type JoinStore, joinCost } from './join-cost.ts';
import { countText, dollars, percentText, perMillionText, table } from './markdown.ts';
import { fleetText } from './result-tables.ts';
import { fanOutCost, type Packing, shardsFor, streamCost, streamLoad } from './stream-cost.ts';
import { type Design, perMillion, sumOf } from './total-cost.ts';

const packings: readonly { readonly name: string; readonly packing: Packing }[] = [
  { name: 'a record per prediction', packing: { kind: 'plain' } },
  { name: '25 kB or 200 ms', packing: defaultPacking },
  { name: '25 kB or 5 s', packing: packed(5) },
  { name: '25 kB or 30 s', packing: packed(30) },
];

/** The stream alone: what packing saves, with and without sampling. */
export function packingTable(workload: Workload): string {
  const situations = [
    { fleet: smallFleet, cap: Number.POSITIVE_INFINITY },
    ...fleets.map((fleet) => ({ fleet, cap: defaultCap })),
  ];
  const rows = situations.flatMap(({ fleet, cap }) =>
    packings.map(({ name, packing }) => [
      situationText(fleet, cap),
      name,
      ...streamCells(fleet, cap, packing, workload),
    ]),
  );
  const figures = [
    'records a second',
    'rows in each',
    'shards',
    'provisioned',
    'on demand',
    'enhanced fan-out, beside',
  ];
  return table(['fleet', 'packing', ...figures], rows, ' l');
}

function situationText(fleet: Fleet, cap: Cap): string {
  return `${fleetText(fleet)}, ${cap === Number.POSITIVE_INFINITY ? 'all rows' : `${countText(cap)} an hour`}`;
}

function streamCells(fleet: Fleet, cap: Cap, packing: Packing, workload: Workload): readonly string[] {
  const sampling = { fleet, cap, reported: 'of the sample' } as const;
  const mean = streamLoad(modelRates(sampling, workload), packing, workload);
  const peak = streamLoad(modelRates(sampling, workload, workload.peakRatio), packing, workload);
  const [provisioned, onDemand] = (['provisioned', 'on-demand'] as const).map((mode) => {
    const shards = shardsFor(mode, peak, 0, workload);
    return { shards, usd: perMillion(sumOf(streamCost(mode, mean, shards, workload)), workload) };
  });
  const rows = (mean.rows + mean.outcomes) / mean.records;
  const fanOut = perMillion(fanOutCost(mean, provisioned!.shards, workload), workload);
  return [
    countText(mean.records),
    rows.toFixed(rows < 10 ? 1 : 0),
    countText(provisioned!.shards),
    ...[provisioned!.usd, onDemand!.usd, fanOut].map(perMillionText),
  ];
}

function joinPerMillion(design: Design, workload: Workload): number {
  const { packing, store, capacity, windowSeconds } = design;
  const rates = modelRates(design, workload);
  const calls = callsFor(windowSeconds, streamLoad(rates, packing, workload), workload);
  return perMillion(sumOf(joinCost({ rates, packing, store, capacity, windowSeconds, calls, workload })), workload);
}

/** The join alone: how long a batch waits for more rows of its buckets. */
export function windowTable(workload: Workload): string {
  const rows = [1, 10, 60, 300].map((windowSeconds) => [
    `${windowSeconds} s`,
    ...fleets.flatMap((fleet) => {
      const design = { ...presentDesign(fleet), windowSeconds };
      const batches = modelRates(design, workload).map((rate) =>
        batchOf(rate, design.packing, windowSeconds, workload),
      );
      const perSecond = batches.reduce((sum, batch) => sum + batch.models * batch.perSecond, 0);
      return [countText(perSecond), perMillionText(joinPerMillion(design, workload))];
    }),
  ]);
  const columns = fleets.flatMap((fleet) => [`${fleetText(fleet)}: transactions a second`, 'USD per million']);
  return table(['batches of', ...columns], rows);
}

const stores: readonly JoinStore[] = ['segments', 'segments, parts in S3', 'an item per prediction'];

/** The join alone, by where rows wait for their other side. */
export function storeTable(workload: Workload): string {
  const situations = [
    {
      name: '500 models, all rows, batches of five minutes',
      design: { ...patientDesign(smallFleet), cap: Number.POSITIVE_INFINITY },
    },
    { name: '500 models, default cap, of a minute', design: minuteDesign(smallFleet) },
    { name: '10,000 models, default cap, of five minutes', design: patientDesign(largeFleet) },
  ];
  return table(
    ['rows wait in', ...situations.map(({ name }) => name)],
    stores.map((store) => [
      store,
      ...situations.map(({ design }) => perMillionText(joinPerMillion({ ...design, store }, workload))),
    ]),
  );
}

/** Archive and batch join alone, at the default cap and without one. */
export function batchTable(workload: Workload): string {
  const situations = [
    { design: minuteDesign(smallFleet), name: '500 models, default cap' },
    { design: patientDesign(largeFleet), name: '10,000 models, default cap' },
    { design: { ...patientDesign(smallFleet), cap: Number.POSITIVE_INFINITY }, name: '500 models, all rows' },
  ].map(({ design, name }) => ({ name, ...batchSides(design, workload) }));
  const row = (what: string, of: (situation: (typeof situations)[number]) => number) => [
    what,
    ...situations.map((situation) => perMillionText(of(situation))),
  ];
  return table(
    ['part', ...situations.map(({ name }) => name)],
    [
      row('archive: a consumer of our own', ({ own }) => own),
      row('archive: Firehose', ({ firehose }) => firehose),
      row('batch join: Athena over Parquet, with files and metrics', ({ batch }) => batch),
    ],
  );
}

function batchSides(design: Design, workload: Workload) {
  const load = streamLoad(modelRates(design, workload), design.packing, workload);
  const shards = shardsFor('provisioned', load, 0, workload);
  const of = (archive: 'own consumer' | 'Firehose') =>
    perMillion(sumOf(archiveCost(archive, load, shards, workload)), workload);
  return {
    own: of('own consumer'),
    firehose: of('Firehose'),
    batch: perMillion(sumOf(batchCost(load, design.fleet.models, workload)), workload),
  };
}

/** What the cap leaves, by how the traffic is spread. */
export function sampledTable(capsShown: readonly Cap[], workload: Workload): string {
  const shapes = fleets.flatMap((fleet) => [fleet, { ...fleet, exponent: 0 }]);
  const rows = capsShown.map((cap) => [
    countText(cap),
    ...shapes.map((fleet) => {
      const perDay = sampledPerDay(modelRates({ fleet, cap, reported: 'of the sample' }, workload));
      return `${percentText(perDay / workload.predictionsPerDay)} (${dollars(perDay / 1e6)} M)`;
    }),
  ]);
  const columns = shapes.map((fleet) => `${fleetText(fleet)}, ${fleet.exponent === 0 ? 'even' : 'Zipf'}`);
  return table(['rows per model and hour', ...columns], rows);
}
