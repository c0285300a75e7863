import { countText, figureText } from '../../format/number.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { kindOf, State } from '../../parts/state.tsx';
import { Histogram } from './histogram.tsx';
import { effectText, type Part, type ShownFeature } from './shown-feature.ts';

/** Verdict, its reason, the figures behind it, the picture. */
export function DriftFeature({ feature }: { readonly feature: ShownFeature }) {
  const { name, verdict, n, nNeeded, reason, bins, lastHours } = feature;
  const [first, last] = [bins[0], bins.at(-1)];
  const isThin = verdict === 'insufficient-data' && nNeeded !== null && n < nNeeded;
  return (
    <figure>
      <figcaption>
        <span className="feature-name">{name}</span>
        <State kind={kindOf(verdict)}>
          {isThin ? `needs ${countText(nNeeded)} rows, has ${countText(n)}` : signalVerdictWords[verdict]}
        </State>
      </figcaption>
      <Figures feature={feature} />
      <Histogram distribution={feature} />
      <div className="ends muted small" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{last === first ? '' : last?.label}</span>
      </div>
      {verdict !== 'ok' && <p className="small because">{reason}</p>}
      {lastHours.map((part) => (
        <LastHours key={part.name} part={part} />
      ))}
    </figure>
  );
}

function Figures({ feature }: { readonly feature: ShownFeature }) {
  const { psi, interval, pValue, alpha, effectFloor, n, limit, designEffect, blocks } = feature;
  if (psi === null) return <p className="small muted">Nothing to compare, n {countText(n)}</p>;
  const floor = effectFloor === null ? '' : `; the reference against itself reaches ${figureText(effectFloor)}`;
  const rows = designEffect === null ? '' : `; as much as ${countText(n / designEffect)} independent rows`;
  const over = blocks === null ? 'rows taken as independent' : `${blocks.reference} and ${blocks.current} days`;
  return (
    <p className="small muted" title={`95 % interval of the PSI without its bias${floor}${rows}; ${over}`}>
      PSI <span className="value">{figureText(psi)}</span>
      {interval === null ? '' : ` (${figureText(interval.low)} to ${figureText(interval.high)})`}
      {limit === null ? '' : `, ${effectText(feature)} × the limit`}, p {figureText(pValue)}
      {alpha === null ? '' : ` (significant below ${figureText(alpha)})`}, n {countText(n)}
    </p>
  );
}

/** What the same feature did in the last hours, where a sudden break shows first. */
function LastHours({ part }: { readonly part: Part }) {
  const { verdict, reason, value, n } = part;
  return (
    <p className="small last-hours" title={reason}>
      <State kind={kindOf(verdict)}>
        last hours<span className="visually-hidden"> {signalVerdictWords[verdict]}</span>
      </State>{' '}
      <span className={verdict === 'ok' ? 'muted' : undefined}>
        {verdict === 'ok' ? `PSI ${figureText(value)}, n ${countText(n ?? 0)}` : reason}
      </span>
    </p>
  );
}
