import type { Session } from '../auth/session.ts';
import { StateShape } from '../parts/state.tsx';
import { Logo } from '../shell/shell.tsx';

/** Before anything else. The page that was asked for comes after it. */
export function SignInPage({ session, problem }: { readonly session: Session; readonly problem?: string | undefined }) {
  const { pathname, search } = window.location;
  const wanted = pathname === '/signed-in' ? '/' : `${pathname}${search}`;
  return (
    <main className="sign-in">
      <p className="brand">
        <Logo /> Runway
      </p>
      <h1>Sign in</h1>
      <p>
        Is every model still healthy, and if not, what is being done about it?
        {wanted !== '/' && (
          <>
            {' '}
            You will come back to <code>{wanted}</code>.
          </>
        )}
      </p>
      {problem !== undefined && (
        <div className="notice breach" role="alert">
          <p className="notice-title">
            <span className="state breach">
              <StateShape kind="breach" />
            </span>
            You are not signed in
          </p>
          <p>{problem}</p>
        </div>
      )}
      <button type="button" className="button primary" onClick={() => void session.signIn(wanted)}>
        Sign in
      </button>
    </main>
  );
}
