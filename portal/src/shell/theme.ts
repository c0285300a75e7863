import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
const key = 'runway-theme';
const order: readonly Theme[] = ['system', 'light', 'dark'];
const listeners = new Set<() => void>();

function readTheme(): Theme {
  const stored = window.localStorage.getItem(key);
  return order.find((theme) => theme === stored) ?? 'system';
}

/** Before the first paint, so that nothing flashes. */
export function applyTheme(theme: Theme = readTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function chooseTheme(theme: Theme): void {
  window.localStorage.setItem(key, theme);
  applyTheme(theme);
  for (const listener of listeners) listener();
}

/** What was chosen, and the step to the next choice: system, light, dark. */
export function useTheme(): { readonly theme: Theme; readonly next: () => void } {
  const theme = useSyncExternalStore(subscribe, readTheme);
  return { theme, next: () => chooseTheme(order[(order.indexOf(theme) + 1) % order.length] ?? 'system') };
}

/** Whether the page is dark now; changes with the choice and with the system. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => {
    const theme = readTheme();
    return theme === 'system' ? window.matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  });
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  listeners.add(listener);
  media.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', listener);
  };
}
