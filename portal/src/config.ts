/** What a deployment tells the portal: `/config.json`, written when it is published. */
export type PortalConfig = {
  /** Issuer of the tokens; its discovery document names the rest. */
  readonly issuer: string;
  readonly clientId: string;
  /** Where one is sent to sign out, without parameters. */
  readonly signOutUrl: string;
};

/** Throws an Error that says what to do when the portal was not published with its settings. */
export async function loadConfig(): Promise<PortalConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  const config: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (!isConfig(config)) {
    throw new Error(`/config.json answered ${response.status}: publish the portal with npm run portal:publish`);
  }
  return config;
}

function isConfig(value: unknown): value is PortalConfig {
  const fields: readonly (keyof PortalConfig)[] = ['issuer', 'clientId', 'signOutUrl'];
  return typeof value === 'object' && value !== null && fields.every((field) => field in value);
}
