import { useEffect } from 'react';

/** Rows that `j` and `k` step through carry this attribute on what takes the focus. */
export const rowAttribute = 'data-row';

/** `/` search, `j` and `k` rows, `?` help; Enter opens what has the focus, as everywhere. Typing is left alone. */
export function useKeyboard(onHelp: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = actions[event.key];
      if (act === undefined && event.key !== '?') return;
      event.preventDefault();
      if (event.key === '?') onHelp();
      else act?.();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onHelp]);
}

const actions: Readonly<Record<string, () => void>> = {
  '/': () => document.querySelector<HTMLInputElement>('input[type=search]')?.focus(),
  j: () => step(1),
  k: () => step(-1),
};

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(`[${rowAttribute}]`)];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? rows[0] : rows[at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
  );
}
