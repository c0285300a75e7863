import type { Evaluation } from '../../api/types.ts';
import { signalWords } from '../../format/words.ts';
import { Moment } from '../../parts/when.tsx';

/** Which signals and features put the model where it is, since when, and what would change that. */
export function Explanation({ explanation }: { readonly explanation: Evaluation['explanation'] }) {
  if (explanation === undefined) return null;
  const { causes, wouldChange } = explanation;
  if (causes.length === 0 && wouldChange.length === 0) return null;
  return (
    <div className="explanation">
      {causes.length > 0 && (
        <div>
          <h3>Why</h3>
          <ul>
            {causes.map(({ cause, since, reason, parts }) => (
              <li key={cause}>
                <strong>{cause === 'staleness-score' ? 'Staleness score' : signalWords[cause]}</strong>{' '}
                <span className="muted">
                  since <Moment at={since} />
                </span>
                <ul className="small">
                  {parts.length === 0 && <li>{reason}</li>}
                  {parts.map((part) => (
                    <li key={`${part.name} ${part.window ?? ''} ${part.segment ?? ''}`}>{part.reason}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </div>
      )}
      {wouldChange.length > 0 && (
        <div>
          <h3>What would change it</h3>
          <ul>
            {wouldChange.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
