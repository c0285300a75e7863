import { Link } from 'wouter';

/** An address that is no page. */
export function NotFoundPage() {
  return (
    <>
      <h1>There is no such page</h1>
      <p className="muted">
        <code>{window.location.pathname}</code> is no page of the portal. <Link href="/">All models</Link> are one step
        away; press <kbd>/</kbd> to search for anything.
      </p>
    </>
  );
}
