/** Runs `work` once after so many milliseconds; the result takes it back. */
export type Timer = (work: () => void, millis: number) => () => void;

export const systemTimer: Timer = (work, millis) => {
  const handle = setTimeout(work, millis);
  return () => clearTimeout(handle);
};
