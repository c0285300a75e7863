import type { ReactNode } from 'react';

/** Lines that will be text. Said once to a screen reader, by `label`. */
export function Skeleton({ lines = 3, label }: { readonly lines?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="skeleton-lines">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one line is like the other
        <span key={line} className={`skeleton width-${line % 3}`} />
      ))}
    </div>
  );
}

/** Says what would be here, and the command that brings it. */
export function Empty({
  title,
  children,
  command,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly command?: string;
}) {
  return (
    <div className="notice unknown">
      <p className="notice-title">{title}</p>
      <p className="muted">{children}</p>
      {command !== undefined && <pre>{command}</pre>}
    </div>
  );
}
