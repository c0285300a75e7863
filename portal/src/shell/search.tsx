import { useLocation, useSearchParams } from 'wouter';

/** Filters the fleet by part of a model's id or name, from whatever page one is on. */
export function Search() {
  const [path, navigate] = useLocation();
  const [parameters, setParameters] = useSearchParams();
  const isFleet = path === '/';
  const change = (q: string) => {
    if (!isFleet) return;
    setParameters(
      (current) => {
        if (q === '') current.delete('q');
        else current.set('q', q);
        return current;
      },
      { replace: true },
    );
  };
  return (
    <search className="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const q = String(new FormData(event.currentTarget).get('q') ?? '');
          if (!isFleet) navigate(`/?${new URLSearchParams({ q })}`);
          document.querySelector<HTMLElement>('[data-row]')?.focus();
        }}
      >
        <input
          key={String(isFleet)}
          className="field"
          type="search"
          name="q"
          aria-label="Search models"
          placeholder="Search models"
          autoComplete="off"
          {...(isFleet ? { value: parameters.get('q') ?? '' } : { defaultValue: '' })}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <span className="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}
