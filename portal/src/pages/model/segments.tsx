import { useSearchParams } from 'wouter';
import type { Evaluation, Model } from '../../api/types.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { kindOf, State } from '../../parts/state.tsx';
import type { Part } from './shown-feature.ts';

/** The segment in the address, when the model has it; undefined: all rows. */
export function useSegment({
  definition,
}: Model): readonly [string | undefined, (segment: string | undefined) => void] {
  const [parameters, setParameters] = useSearchParams();
  const segment = definition.segments?.find(({ name }) => name === parameters.get('segment'))?.name;
  const set = (next: string | undefined) =>
    setParameters((current) => {
      if (next === undefined) current.delete('segment');
      else current.set('segment', next);
      return current;
    });
  return [segment, set];
}

/** All rows, or a part of them that is judged on its own, each with its worst verdict. Nothing without segments. */
export function SegmentChoice(props: {
  readonly model: Model;
  readonly evaluation: Evaluation | undefined;
  readonly segment: string | undefined;
  readonly onChoose: (segment: string | undefined) => void;
}) {
  const { model, evaluation, segment, onChoose } = props;
  const segments = model.definition.segments ?? [];
  if (segments.length === 0) return null;
  const chosen = segments.find(({ name }) => name === segment);
  return (
    <div className="range">
      <fieldset className="switches segments">
        <legend className="visually-hidden">Rows to compare</legend>
        {[undefined, ...segments.map(({ name }) => name)].map((name) => (
          <button
            key={name ?? ''}
            type="button"
            className="switch"
            aria-pressed={name === segment}
            onClick={() => onChoose(name)}
          >
            {name ?? 'all rows'} <SegmentState parts={driftPartsOf(evaluation, name)} />
          </button>
        ))}
      </fieldset>
      {chosen && (
        <span className="muted">
          rows whose {chosen.feature} is {chosen.values.join(' or ')}
        </span>
      )}
    </div>
  );
}

function SegmentState({ parts }: { readonly parts: readonly Part[] }) {
  const verdict = (['breach', 'warning', 'insufficient-data', 'ok'] as const).find((each) =>
    parts.some((part) => part.verdict === each),
  );
  if (verdict === undefined) return null;
  return (
    <State kind={kindOf(verdict)}>
      <span className="small">{signalVerdictWords[verdict]}</span>
    </State>
  );
}

function driftPartsOf(evaluation: Evaluation | undefined, segment: string | undefined): readonly Part[] {
  const signals = evaluation?.signals.filter(({ name }) => name === 'dataDrift' || name === 'predictionDrift') ?? [];
  return signals.flatMap(({ parts }) => parts).filter((part) => part.segment === segment);
}
