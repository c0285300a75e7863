import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Every address of a host name, as the system's resolver gives them. */
export type Resolver = (host: string) => Promise<readonly string[]>;

/** Where a request goes: the address that was checked is the one that is connected to. */
export type ResolvedTarget = { readonly host: string; readonly address: string; readonly port: number };

/** Thrown for an address that is never to be connected to; trying again is of no use. Holds no path and no query. */
export class TargetRefused extends Error {}

/** `<host>:<port>` → address of a server that tests may reach although it is not public. */
export type TestOrigins = ReadonlyMap<string, string>;

const httpsPort = 443;

export const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** `hooks.example.test:8443=127.0.0.1`, several parted by commas. Throws an Error on anything else. */
export function parseTestOrigins(text: string): TestOrigins {
  const entries = text.split(',').map((entry): readonly [string, string] => {
    const [, origin, address] = /^([a-z0-9.-]+\.test:\d{1,5})=([0-9a-f.:]+)$/.exec(entry.trim()) ?? [];
    if (origin === undefined || address === undefined || isIP(address) === 0)
      throw new Error(`expected <host>.test:<port>=<address>, got ${entry}`);
    return [origin, address];
  });
  return new Map(entries);
}

/**
 * The one address that a URL is connected at. A name is resolved once, and refused when any of its addresses is not
 * public: whoever answers for the name would otherwise choose. Throws `TargetRefused`, or what the resolver throws.
 */
export async function resolveTarget(
  url: URL,
  resolver: Resolver,
  testOrigins: TestOrigins = new Map(),
): Promise<ResolvedTarget> {
  if (url.protocol !== 'https:') throw new TargetRefused(`expected https, got ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new TargetRefused('expected an address without user and password');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? httpsPort : Number(url.port);
  const ofTests = testOrigins.get(`${host}:${port}`);
  if (ofTests !== undefined) return { host, address: ofTests, port };
  if (port !== httpsPort) throw new TargetRefused(`expected port ${httpsPort}, got ${port}`);
  const addresses = isIP(host) === 0 ? await resolver(host) : [host];
  const hidden = addresses.find((address) => !isPublicAddress(address));
  if (hidden !== undefined) throw new TargetRefused('the host has an address that is not public');
  // IPv4 first: a function has no way out over IPv6 in most networks.
  const address = addresses.find((candidate) => isIP(candidate) === 4) ?? addresses[0];
  if (address === undefined) throw new Error('the host has no address');
  return { host, address, port };
}
