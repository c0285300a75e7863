import { type ComponentType, lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { usePathname } from 'wouter/use-browser-location';
import { PersonProvider } from './auth/person.tsx';
import type { Session } from './auth/session.ts';
import { entityUriIn } from './format/entity-uri.ts';
import { FleetPage } from './pages/fleet/fleet-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';
import { Skeleton } from './parts/placeholders.tsx';
import { Shell } from './shell/shell.tsx';

const ModelPage = lazy(async () => ({ default: (await import('./pages/model/model-page.tsx')).ModelPage }));
const BacktestPage = lazy(async () => ({
  default: (await import('./pages/backtest/backtest-page.tsx')).BacktestPage,
}));
const QueuePage = lazy(async () => ({ default: (await import('./pages/queue/queue-page.tsx')).QueuePage }));
const RolloutPage = lazy(async () => ({ default: (await import('./pages/rollout/rollout-page.tsx')).RolloutPage }));
const ApprovalsPage = lazy(async () => ({
  default: (await import('./pages/approvals/approvals-page.tsx')).ApprovalsPage,
}));
const WritersPage = lazy(async () => ({ default: (await import('./pages/writers/writers-page.tsx')).WritersPage }));
const CascadesPage = lazy(async () => ({
  default: (await import('./pages/cascades/cascades-page.tsx')).CascadesPage,
}));
const CascadePage = lazy(async () => ({ default: (await import('./pages/cascades/cascade-page.tsx')).CascadePage }));
const IncidentsPage = lazy(async () => ({
  default: (await import('./pages/incidents/incidents-page.tsx')).IncidentsPage,
}));
const SearchPage = lazy(async () => ({ default: (await import('./pages/search/search-page.tsx')).SearchPage }));
const EntityPage = lazy(async () => ({ default: (await import('./pages/entity/entity-page.tsx')).EntityPage }));
const LineagePage = lazy(async () => ({ default: (await import('./pages/lineage/lineage-page.tsx')).LineagePage }));
const ImpactPage = lazy(async () => ({ default: (await import('./pages/impact/impact-page.tsx')).ImpactPage }));

/** The pages, for those who are signed in. */
export function App({ session }: { readonly session: Session }) {
  const isSignedIn = useSyncExternalStore(session.subscribe, () => session.token() !== undefined);
  return (
    <Switch>
      <Route path="/signed-in">
        <SignedIn session={session} />
      </Route>
      <Route>{isSignedIn ? <Pages session={session} /> : <SignInPage session={session} />}</Route>
    </Switch>
  );
}

function Pages({ session }: { readonly session: Session }) {
  return (
    <Shell session={session}>
      <PersonProvider person={session.person()}>
        <Suspense fallback={<Skeleton lines={6} label="Loading the page" />}>
          <Switch>
            <Route path="/">
              <FleetPage />
            </Route>
            <Route path="/models/:modelId">{({ modelId }) => <ModelPage key={modelId} modelId={modelId} />}</Route>
            <Route path="/models/:modelId/backtest">
              {({ modelId }) => <BacktestPage key={modelId} modelId={modelId} />}
            </Route>
            <Route path="/search">
              <SearchPage />
            </Route>
            <Route path="/entities/:entity">{() => <OfEntity page={EntityPage} />}</Route>
            <Route path="/entities/:entity/lineage">{() => <OfEntity page={LineagePage} />}</Route>
            <Route path="/entities/:entity/impact">{() => <OfEntity page={ImpactPage} />}</Route>
            <Route path="/retraining-queue">
              <QueuePage />
            </Route>
            <Route path="/rollouts/:rolloutId">
              {({ rolloutId }) => <RolloutPage key={rolloutId} rolloutId={rolloutId} />}
            </Route>
            <Route path="/approvals">
              <ApprovalsPage />
            </Route>
            <Route path="/cascades">
              <CascadesPage />
            </Route>
            <Route path="/cascades/:cascadeId">
              {({ cascadeId }) => <CascadePage key={cascadeId} cascadeId={cascadeId} />}
            </Route>
            <Route path="/incidents">
              <IncidentsPage />
            </Route>
            <Route path="/writers">
              <WritersPage person={session.person()} />
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </Suspense>
      </PersonProvider>
    </Shell>
  );
}

function OfEntity({ page: Page }: { readonly page: ComponentType<{ readonly uri: string }> }) {
  const uri = entityUriIn(usePathname());
  return uri === undefined ? <NotFoundPage /> : <Page key={uri} uri={uri} />;
}

/** One sign-in has one code, and the code works once. */
let finishing: Promise<string> | undefined;

function SignedIn({ session }: { readonly session: Session }) {
  const [result, setResult] = useState<{ readonly to: string } | { readonly problem: string }>();
  useEffect(() => {
    finishing ??= session.finishSignIn();
    finishing.then(
      (to) => setResult({ to }),
      (error: unknown) => setResult({ problem: error instanceof Error ? error.message : String(error) }),
    );
  }, [session]);
  if (result === undefined) return <Skeleton label="Signing in" />;
  if ('problem' in result) return <SignInPage session={session} problem={result.problem} />;
  return <Redirect to={result.to} replace />;
}
