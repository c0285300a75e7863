import { countText, figureText, percentText } from '../../format/number.ts';
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
      <p className="small because">{reason}</p>
      <Figures feature={feature} />
      <Histogram distribution={feature} />
      <div className="ends muted small" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{last === first ? '' : last?.label}</span>
      </div>
      {lastHours.map((part) => (
        <LastHours key={part.name} part={part} />
      ))}
    </figure>
  );
}

/** What the reason leaves out. */
function Figures({ feature }: { readonly feature: ShownFeature }) {
  const { psi, alpha, effectFloor, n, limit, designEffect, missingRatio } = feature;
  if (psi === null) return null;
  const floor = effectFloor === null ? '' : `The reference reaches ${figureText(effectFloor)} against itself. `;
  const rows = designEffect === null ? '' : `The rows say as much as ${countText(n / designEffect)} independent ones.`;
  const facts = [
    ...(limit === null ? [] : [`${effectText(feature)} × the limit`]),
    ...(alpha === null ? [] : [`significant below ${figureText(alpha)}`]),
    ...(missingRatio.current === null || missingRatio.current === 0
      ? []
      : [`${percentText(missingRatio.current)} missing`]),
  ];
  return (
    <p className="small muted" title={`${floor}${rows}`}>
      {facts.join(', ')}
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
