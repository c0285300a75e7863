import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useNow } from '../api/queries.ts';
import { momentText } from '../format/time.ts';
import { atPosition, positionOf, steps, toField, toInstant } from '../format/time-range.ts';

/** The past moment that the address asks for. */
export function useAsOf(): { readonly asOf: string | undefined; readonly setAsOf: (asOf: string | undefined) => void } {
  const [parameters, setParameters] = useSearchParams();
  const setAsOf = (asOf: string | undefined) =>
    setParameters(
      (current) => {
        if (asOf === undefined) current.delete('asOf');
        else current.set('asOf', asOf);
        return current;
      },
      { replace: true },
    );
  return { asOf: parameters.get('asOf') ?? undefined, setAsOf };
}

/** Asks for the graph as of a past moment: a slider from the first thing known to the present, and the moment itself. */
export function TimeSlider({
  since,
}: {
  /** When the first thing known here began. */ readonly since: string | undefined;
}) {
  const { asOf, setAsOf } = useAsOf();
  const now = useNow();
  const [dragged, setDragged] = useState<number>();
  if (now === undefined) return null;
  const range = { from: since !== undefined && since < now ? since : now, to: now };
  const position = dragged ?? (asOf === undefined ? steps : positionOf(range, asOf));
  const commit = () => {
    if (dragged === undefined) return;
    setAsOf(dragged >= steps ? undefined : atPosition(range, dragged));
    setDragged(undefined);
  };
  const shown = dragged === undefined ? asOf : dragged >= steps ? undefined : atPosition(range, dragged);
  return (
    <fieldset className="as-of">
      <legend className="visually-hidden">As of</legend>
      <label>
        <span className="muted small">As of</span>
        <input
          type="range"
          min={0}
          max={steps}
          step={1}
          value={position}
          aria-valuetext={shown === undefined ? 'now' : momentText(shown)}
          disabled={range.from === range.to}
          onChange={(event) => setDragged(event.currentTarget.valueAsNumber)}
          onPointerUp={commit}
          onKeyUp={commit}
          onBlur={commit}
        />
      </label>
      <label>
        <span className="visually-hidden">Moment, in UTC</span>
        <input
          className="field"
          type="datetime-local"
          max={toField(now)}
          value={toField(shown ?? now)}
          onChange={(event) => setAsOf(toInstant(event.currentTarget.value))}
        />
      </label>
      <span className="muted small">UTC</span>
      {asOf === undefined ? (
        <span className="muted">now</span>
      ) : (
        <button type="button" className="button" onClick={() => setAsOf(undefined)}>
          Back to now
        </button>
      )}
    </fieldset>
  );
}
