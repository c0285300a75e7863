import { useLocation, useSearchParams } from 'wouter';

/** Searches everything that is known, from whatever page one is on; on the page of what was found, while one types. */
export function Search() {
  const [path, navigate] = useLocation();
  const [parameters, setParameters] = useSearchParams();
  const isSearch = path === '/search';
  const change = (q: string) => {
    if (!isSearch) return;
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
          if (!isSearch) navigate(q === '' ? '/search' : `/search?${new URLSearchParams({ q })}`);
          document.querySelector<HTMLElement>('.hits [data-row]')?.focus();
        }}
      >
        <input
          key={String(isSearch)}
          className="field"
          type="search"
          name="q"
          aria-label="Search everything"
          placeholder="Search everything"
          autoComplete="off"
          {...(isSearch ? { value: parameters.get('q') ?? '' } : { defaultValue: '' })}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <span className="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}
