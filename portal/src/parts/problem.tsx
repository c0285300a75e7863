import { RunwayApiError } from '../../../sdk/client.ts';
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
  const { title, detail, correlationId } = describe(error);
  return (
    <div className="notice breach" role="alert">
      <p className="notice-title">
        <span className="state breach">
          <StateShape kind="breach" />
        </span>
        {what} cannot be shown: {title}
      </p>
      {detail !== undefined && <p>{detail}</p>}
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

function describe(error: unknown): { title: string; detail?: string | undefined; correlationId?: string | undefined } {
  if (error instanceof RunwayApiError) {
    const { problem, status } = error;
    if (problem === undefined) return { title: `status ${status}`, detail: error.message };
    return { title: problem.title, detail: problem.detail, correlationId: problem.correlationId };
  }
  return { title: 'Runway does not answer', detail: error instanceof Error ? error.message : String(error) };
}
