import type { ReactNode } from 'react';
import { Skeleton } from '../../parts/placeholders.tsx';

/** A section under its heading, which stands there before the content does. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return (
    <section id={id} className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children ?? <Skeleton label={`Loading ${title.toLowerCase()}`} />}
    </section>
  );
}
