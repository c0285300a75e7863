import { Fragment, type ReactNode, useState } from 'react';

type Props<A extends string> = {
  /** What the group of buttons is called. */
  readonly label: string;
  readonly possible: readonly A[];
  /** What each button says. */
  readonly offers: Readonly<Record<A, { readonly verb: string }>>;
  /** The form of the chosen action; `close` takes it away. */
  readonly form: (chosen: A, close: () => void) => ReactNode;
};

/** A button for each of what one may do now, and the form of the one that is chosen, which starts empty. */
export function OfferedActions<A extends string>({ label, possible, offers, form }: Props<A>) {
  const [chosen, choose] = useState<A>();
  return (
    <section className="actions" aria-label={label}>
      <div className="buttons">
        {possible.map((action) => (
          <button
            key={action}
            type="button"
            className="button"
            aria-expanded={chosen === action}
            onClick={() => choose(chosen === action ? undefined : action)}
          >
            {offers[action].verb}
          </button>
        ))}
      </div>
      {chosen !== undefined && possible.includes(chosen) && (
        <Fragment key={chosen}>{form(chosen, () => choose(undefined))}</Fragment>
      )}
    </section>
  );
}
