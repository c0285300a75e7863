import type { EmbeddingStability } from '../../api/types.ts';
import { countText, figureText } from '../../format/number.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { kindOf, State } from '../../parts/state.tsx';

type Check = NonNullable<EmbeddingStability['report']>['verdict']['intrinsic']['checks'][number];

/** The figures one verdict rests on, each beside its limits and what chance alone gives. */
export function EmbeddingChecks({ title, checks }: { readonly title: string; readonly checks: readonly Check[] }) {
  return (
    <table className="stack evidence">
      <caption className="visually-hidden">Checks: {title}</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Verdict</th>
          <th scope="col" className="number" title="99 % interval in brackets">
            Value
          </th>
          <th scope="col" className="number" title="The same between trainings on resampled data only">
            Noise
          </th>
          <th scope="col" className="number">
            Warning / breach
          </th>
          <th scope="col" className="number">
            p-value
          </th>
          <th scope="col" className="number">
            n
          </th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </tbody>
    </table>
  );
}

function CheckRow({ check }: { readonly check: Check }) {
  const { name, verdict, reason, value, noise, limits, interval, pValue, n } = check;
  return (
    <tr>
      <th scope="row">{wordsOf(name)}</th>
      <td>
        <State kind={kindOf(verdict)}>{signalVerdictWords[verdict]}</State>
      </td>
      <td className="number" data-label="Value">
        {figureText(value)}
        {interval !== null && (
          <span className="muted small">
            {' '}
            ({figureText(interval.low)} to {figureText(interval.high)})
          </span>
        )}
      </td>
      <td className="number" data-label="Noise">
        {figureText(noise)}
      </td>
      <td className="number" data-label="Warning / breach">
        {limits === null ? '–' : `${figureText(limits.warning)} / ${figureText(limits.breach)}`}
      </td>
      <td className="number" data-label="p-value">
        {figureText(pValue)}
      </td>
      <td className="number" data-label="n">
        {countText(n)}
      </td>
      <td className="sentence">{reason}</td>
    </tr>
  );
}

/** `neighbourOverlap` as `Neighbour overlap`. */
function wordsOf(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
