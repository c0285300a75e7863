export type Fetch = (request: Request) => Promise<Response>;

export type RetryOptions = {
  /** Including the first. @default 5 */
  readonly attempts?: number;
  /** Before the second attempt; doubles with each, with jitter. `Retry-After` counts when it is longer. @default 200 */
  readonly firstDelayMilliseconds?: number;
};

/**
 * Sends a request again when the connection broke, when the answer asks for it (429, 5xx), or when another writer was
 * quicker (409 `version-conflict`). Safe for every operation of Runway: reads and PUTs repeat by nature, POSTs by their
 * `Idempotency-Key`.
 */
export function retryingFetch(fetchOnce: Fetch, options: RetryOptions = {}): Fetch {
  const { attempts = 5, firstDelayMilliseconds = 200 } = options;
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attempts;
      const answer = await attemptOnce(fetchOnce, request, isLast);
      if (answer !== undefined && (isLast || !(await isPassing(answer)))) return answer;
      const backoff = firstDelayMilliseconds * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      const delay = Math.max(backoff, retryAfter(answer));
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  };
}

/** Undefined when the connection broke and there is another attempt. */
async function attemptOnce(fetchOnce: Fetch, request: Request, isLast: boolean): Promise<Response | undefined> {
  try {
    return await fetchOnce(request.clone());
  } catch (error) {
    if (isLast || request.signal.aborted) throw error;
    return undefined;
  }
}

const conflicts = ['urn:runway:problem:version-conflict', 'urn:runway:problem:idempotency-in-progress'];

async function isPassing(answer: Response): Promise<boolean> {
  if (answer.status === 429 || answer.status >= 500) return true;
  if (answer.status !== 409) return false;
  const problem: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return typeof problem === 'object' && problem !== null && 'type' in problem && conflicts.includes(`${problem.type}`);
}

function retryAfter(answer: Response | undefined): number {
  const seconds = Number(answer?.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}
