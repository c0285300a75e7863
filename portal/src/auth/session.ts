import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { PortalConfig } from '../config.ts';

export type Person = { readonly name: string; readonly groups: readonly string[] };

/** Who is signed in. Every tab shares it; it ends with the token when that cannot be renewed. */
export interface Session {
  person(): Person | undefined;
  /** A token for the API; undefined when nobody is signed in. */
  token(): string | undefined;
  /** Leaves the page; comes back to `/signed-in`, then to `returnTo`. */
  signIn(returnTo: string): Promise<void>;
  /** On `/signed-in`. @returns where the person wanted to go. Throws what the issuer complains of. */
  finishSignIn(): Promise<string>;
  signOut(): Promise<void>;
  /** The API refused the token. */
  expire(): void;
  subscribe(listener: () => void): () => void;
}

/** Signs in by authorization code with PKCE at the issuer that the deployment names. */
export async function openSession(config: PortalConfig): Promise<Session> {
  const origin = window.location.origin;
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: `${origin}/signed-in`,
    response_type: 'code',
    scope: 'openid',
    // Tabs share one session: opening a model in a new tab must not ask again who one is.
    userStore: new WebStorageStateStore({ store: window.localStorage }),
    automaticSilentRenew: true,
  });
  const listeners = new Set<() => void>();
  let user = await readUser(manager);
  const change = (next: User | undefined) => {
    user = next;
    for (const listener of listeners) listener();
  };
  manager.events.addUserLoaded((loaded) => change(loaded));
  manager.events.addAccessTokenExpired(() => change(undefined));
  manager.events.addUserUnloaded(() => change(undefined));
  return {
    person: () => user && personOf(user),
    token: () => user?.access_token,
    signIn: (returnTo) => manager.signinRedirect({ state: returnTo }),
    async finishSignIn() {
      const { state } = await manager.signinRedirectCallback();
      return typeof state === 'string' && /^\/(?!\/)/.test(state) ? state : '/';
    },
    async signOut() {
      await manager.removeUser();
      const parameters = new URLSearchParams({ client_id: config.clientId, logout_uri: `${origin}/` });
      window.location.assign(`${config.signOutUrl}?${parameters}`);
    },
    expire: () => void manager.removeUser(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function readUser(manager: UserManager): Promise<User | undefined> {
  const stored = await manager.getUser();
  return stored === null || stored.expired === true ? undefined : stored;
}

function personOf({ profile }: User): Person {
  const groups = profile['cognito:groups'];
  const name = profile.email ?? profile['cognito:username'] ?? profile.sub;
  return { name: String(name), groups: Array.isArray(groups) ? groups.map(String) : [] };
}
