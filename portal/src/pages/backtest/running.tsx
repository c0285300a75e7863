import { useEffect, useState } from 'react';
import { State } from '../../parts/state.tsx';

/** That it runs, and for how long; it may take half a minute. */
export function Running() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((past) => past + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="notice running" role="status">
      <p className="notice-title">
        <State kind="progress">Judging every recorded evaluation under both policies</State>
        <span className="muted" aria-hidden="true">
          {seconds} s
        </span>
      </p>
      <p className="muted">This may take half a minute. You can leave: nothing depends on it.</p>
    </div>
  );
}
