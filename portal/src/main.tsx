import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createRunwayClient } from '../../sdk/client.ts';
import { RunwayProvider } from './api/runway.tsx';
import { App } from './app.tsx';
import { openSession, type Session } from './auth/session.ts';
import { loadConfig } from './config.ts';
import { applyTheme } from './shell/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';
import './styles/fleet.css';

function createClient(session: Session) {
  return createRunwayClient({
    baseUrl: window.location.origin,
    token: () => session.token(),
    // Whoever looks wants to know soon; the lists ask again by themselves.
    retry: { attempts: 2 },
    async fetch(request) {
      const response = await fetch(request);
      if (response.status === 401) session.expire();
      return response;
    },
  });
}

async function start(root: HTMLElement): Promise<void> {
  applyTheme();
  const session = await openSession(await loadConfig());
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } });
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RunwayProvider client={createClient(session)}>
          <App session={session} />
        </RunwayProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element root');
try {
  await start(root);
} catch (error) {
  root.textContent = `The portal cannot start. ${error instanceof Error ? error.message : String(error)}`;
}
