import type { Attributes } from '../entities.ts';
import type { Statement } from '../provider-contribution.ts';
import type { Register } from './entries.ts';
import { evaluationAttributes } from './evaluation-attributes.ts';
import { toWireInstant } from './event-time.ts';
import type { DatasetState } from './lineage-state.ts';
import { assertionUri, type NodeKey, runUri, uriOfKey } from './node-key.ts';
import type { Assertions, OutputStatistics, QualityMetrics } from './read-quality.ts';

/** Checks of the dataset that were not taken back. */
export function heldAssertions({ assertions = [], facets }: DatasetState): Assertions {
  const takenBackAt = facets.find(([name]) => name === 'dataQualityAssertions')?.[1].at ?? '';
  return assertions.filter(([, { at }]) => at > takenBackAt);
}

/** How good the data are, as of which run; `rowsWritten` is what a run wrote, which may be less than there is. */
export function qualityAttributes(dataset: DatasetState): Attributes {
  const metrics = registerOf<QualityMetrics>(dataset, 'dataQualityMetrics');
  const statistics = registerOf<OutputStatistics>(dataset, 'outputStatistics');
  const results = heldAssertions(dataset).map(([, register]) => register);
  const passed = results.filter(({ value }) => value?.isPassed === true).length;
  const [last] = results.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const { rowCount, bytes, nullRatios = [] } = metrics?.value ?? {};
  const written = statistics?.value ?? {};
  return {
    ...numbers({ rowCount, bytes }),
    ...(nullRatios.length > 0 && { nullRatios: nullRatios.map(([column, ratio]) => `${column} ${ratio}`) }),
    ...asOf('measured', metrics),
    ...numbers({ rowsWritten: written.rowCount, bytesWritten: written.bytes }),
    ...asOf('written', statistics),
    ...(last !== undefined && { assertionsPassed: passed, assertionsFailed: results.length - passed }),
    ...asOf('asserted', last),
  };
}

/** Each check is one evaluation, which says what it gave last. */
export function assertionStatements(key: NodeKey, dataset: DatasetState): readonly Statement[] {
  return heldAssertions(dataset).flatMap(([id, { at, value }]): readonly Statement[] => {
    if (value === null) return [];
    const { assertion: metric, name = metric, column, isPassed, severity, expected, actual } = value;
    const status = isPassed ? 'pass' : 'fail';
    return [
      {
        subject: assertionUri(key, id),
        description: {
          name: column === undefined ? name : `${name} ${column}`,
          attributes: {
            ...evaluationAttributes({ metric, status, severity, expected, actual }),
            ...(column !== undefined && { column }),
            ...asOf('asserted', { at, value }),
          },
        },
        edges: [{ type: 'evaluates', to: uriOfKey(key) }],
      },
    ];
  });
}

type Measurement = { readonly runId?: string | undefined };

function asOf(what: string, register: Register<Measurement> | undefined): Attributes {
  if (register === undefined || register.value === null) return {};
  const { runId } = register.value;
  return { [`${what}At`]: toWireInstant(register.at), ...(runId !== undefined && { [`${what}By`]: runUri(runId) }) };
}

function registerOf<T>({ facets }: DatasetState, name: string): Register<T> | undefined {
  // A register of this name holds what `readFacet` made of this facet.
  return facets.find(([each]) => each === name)?.[1] as Register<T> | undefined;
}

function numbers(given: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
