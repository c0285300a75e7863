import { type Problem, RunwayApiError } from '../../../sdk/client.ts';
import { StateShape } from './state.tsx';

/** What went wrong, in the API's own words, with what support needs to find it. */
export function ProblemNotice({
  error,
  what,
  onRetry,
}: {
  readonly error: unknown;
  /** `The fleet`; what could not be shown. */
  readonly what: string;
  readonly onRetry?: () => void;
}) {
  const { title, detail, correlationId, errors = [] } = describe(error);
  return (
    <div className="notice breach" role="alert">
      <p className="notice-title">
        <span className="state breach">
          <StateShape kind="breach" />
        </span>
        {what} cannot be shown: {title}
      </p>
      {detail !== undefined && <p>{detail}</p>}
      {errors.length > 0 && (
        <ul>
          {errors.map(({ field, reason, index }) => (
            <li key={`${index ?? ''} ${field} ${reason}`}>
              <code>{field}</code> {reason}
            </li>
          ))}
        </ul>
      )}
      {correlationId !== undefined && (
        <p className="muted small">
          Correlation id <code>{correlationId}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

type Description = { readonly title: string } & Partial<Pick<Problem, 'detail' | 'correlationId' | 'errors'>>;

function describe(error: unknown): Description {
  if (error instanceof RunwayApiError) {
    const { problem, status } = error;
    if (problem === undefined) return { title: `status ${status}`, detail: error.message };
    return problem;
  }
  return { title: 'Runway does not answer', detail: error instanceof Error ? error.message : String(error) };
}
