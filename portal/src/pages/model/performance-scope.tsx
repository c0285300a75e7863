import { useSearchParams } from 'wouter';
import type { PerformanceSeries } from '../../api/types.ts';

/** Of which rows and which labels; undefined: all rows, the primary outcome type. */
export type PerformanceScope = { readonly segment?: string | undefined; readonly outcomeType?: string | undefined };

/** As the address has it. Segments are counted under the primary outcome type, so that choosing one gives up the other. */
export function usePerformanceScope(): readonly [PerformanceScope, (scope: PerformanceScope) => void] {
  const [parameters, setParameters] = useSearchParams();
  const set = ({ segment, outcomeType }: PerformanceScope) =>
    setParameters((current) => {
      for (const [name, value] of [
        ['rows', segment],
        ['outcome', outcomeType],
      ] as const)
        if (value === undefined) current.delete(name);
        else current.set(name, value);
      return current;
    });
  const scope = { segment: parameters.get('rows') ?? undefined, outcomeType: parameters.get('outcome') ?? undefined };
  return [scope, set];
}

/** Nothing for a model with one outcome and no segments. */
export function PerformanceScopeChoice(props: {
  readonly series: Pick<PerformanceSeries, 'segments' | 'outcomeTypes'>;
  readonly scope: PerformanceScope;
  readonly onChoose: (scope: PerformanceScope) => void;
}) {
  const { series, scope, onChoose } = props;
  const [primary, ...others] = series.outcomeTypes;
  if (series.segments.length === 0 && others.length === 0) return null;
  return (
    <div className="range">
      {others.length > 0 && (
        <Switches
          legend="Outcome type"
          names={series.outcomeTypes}
          chosen={scope.outcomeType ?? primary}
          onChoose={(name) => onChoose({ outcomeType: name === primary ? undefined : name })}
        />
      )}
      {series.segments.length > 0 && (
        <Switches
          legend="Rows"
          names={['all rows', ...series.segments]}
          chosen={scope.segment ?? 'all rows'}
          onChoose={(name) => onChoose({ segment: name === 'all rows' ? undefined : name })}
        />
      )}
    </div>
  );
}

function Switches(props: {
  readonly legend: string;
  readonly names: readonly string[];
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
}) {
  const { legend, names, chosen, onChoose } = props;
  return (
    <fieldset className="switches segments">
      <legend className="visually-hidden">{legend}</legend>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          className="switch"
          aria-pressed={name === chosen}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
