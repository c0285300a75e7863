import { type ReactNode, useCallback, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useNow } from '../api/queries.ts';
import type { Session } from '../auth/session.ts';
import { momentText } from '../format/time.ts';
import { Help } from './help.tsx';
import { useKeyboard } from './keyboard.ts';
import { Search } from './search.tsx';
import { useTheme } from './theme.ts';

/** What stands around every page. */
export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useKeyboard(openHelp);
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="bar">
        <Link href="/" className="brand">
          <Logo />
          Runway
        </Link>
        <nav aria-label="Pages">
          <NavLink
            href="/"
            isActive={(path) => path === '/' || path.startsWith('/models') || path.startsWith('/rollouts')}
          >
            Fleet
          </NavLink>
          <NavLink href="/incidents" isActive={(path) => path === '/incidents'}>
            Incidents
          </NavLink>
          <NavLink href="/search" isActive={(path) => path === '/search' || path.startsWith('/entities')}>
            Explore
          </NavLink>
          <NavLink
            href="/retraining-queue"
            isActive={(path) => path === '/retraining-queue' || path.startsWith('/cascades')}
          >
            Retrain queue
          </NavLink>
          <NavLink href="/approvals" isActive={(path) => path === '/approvals'}>
            Approvals
          </NavLink>
          <NavLink href="/writers" isActive={(path) => path === '/writers'}>
            Writers
          </NavLink>
        </nav>
        <Search />
        <div className="tools">
          <Clock />
          <ThemeButton />
          <button type="button" className="button quiet" onClick={openHelp} aria-label="Help: keys and signs">
            ?
          </button>
          <SignedIn session={session} />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Help isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </>
  );
}

export function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M4 18 7 2M16 18 13 2" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" opacity=".55" />
      <path d="M10 2v3M10 8.5v3M10 15v3" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}

function NavLink(props: {
  readonly href: string;
  readonly isActive: (path: string) => boolean;
  readonly children: ReactNode;
}) {
  const [path] = useLocation();
  return (
    <Link href={props.href} aria-current={props.isActive(path) ? 'page' : undefined}>
      {props.children}
    </Link>
  );
}

/** Runway's now: ages on the pages are counted from it. */
function Clock() {
  const now = useNow();
  if (now === undefined) return null;
  return (
    <time className="clock muted small" dateTime={now} title="Runway's clock; ages are counted from it">
      {momentText(now)}
    </time>
  );
}

function ThemeButton() {
  const { theme, next } = useTheme();
  return (
    <button
      type="button"
      className="button quiet"
      onClick={next}
      aria-label={`Theme: ${theme}. Change`}
      title={`Theme: ${theme}`}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        {theme === 'light' ? (
          <circle cx="8" cy="8" r="2.5" fill="currentColor" />
        ) : (
          <path d={halves[theme]} fill="currentColor" />
        )}
      </svg>
    </button>
  );
}

const halves = { system: 'M8 2a6 6 0 0 1 0 12Z', dark: 'M8 2a6 6 0 1 1 0 12 6 6 0 0 1 0-12Z' } as const;

function SignedIn({ session }: { readonly session: Session }) {
  const person = session.person();
  if (person === undefined) return null;
  const groups = person.groups.length === 0 ? 'no roles' : person.groups.join(', ');
  return (
    <button
      type="button"
      className="button quiet"
      onClick={() => void session.signOut()}
      title={`Signed in as ${person.name}: ${groups}`}
    >
      <span className="person-name">{person.name}</span>
      <span className="muted small">Sign out</span>
    </button>
  );
}
