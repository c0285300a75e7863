import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createPinnedHttps, type PinnedHttpsOptions } from '../../../shared/adapters/notifications/pinned-https.ts';
import { isPublicAddress } from '../../../shared/adapters/notifications/public-address.ts';
import {
  parseTestOrigins,
  resolveTarget,
  TargetRefused,
} from '../../../shared/adapters/notifications/resolve-target.ts';
import { type Certificate, makeCertificate } from '../../support/certificate.ts';
import { type Reply, startReceiver } from '../../support/https-receiver.ts';

const host = 'hooks.runway.test';
let certificate: Certificate;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let reply: Reply = { status: 200 };

beforeAll(async () => {
  certificate = makeCertificate([host]);
  receiver = await startReceiver(certificate, () => reply);
});
afterEach(() => {
  reply = { status: 200 };
  receiver.received.length = 0;
});
afterAll(() => receiver.close());

const noResolver = () => Promise.reject(new Error('nothing is to be resolved here'));
const at = (path = '/in') => new URL(`https://${host}:${receiver.port}${path}`);
const open = (options: Partial<PinnedHttpsOptions> = {}) =>
  createPinnedHttps({
    resolver: noResolver,
    testOrigins: parseTestOrigins(`${host}:${receiver.port}=127.0.0.1`),
    ca: certificate.cert,
    ...options,
  });
const post = (path?: string) => ({ url: at(path), headers: { 'x-given': 'yes' }, body: '{"a":"ü"}' });

it('posts to the pinned address under the name, in TLS and in the host header', async () => {
  expect(await open()(post('/in?x=1'))).toBe(200);
  const [seen] = receiver.received;
  expect(seen).toMatchObject({ path: '/in?x=1', body: '{"a":"ü"}', servername: host });
  expect(seen?.headers).toMatchObject({ host: `${host}:${receiver.port}`, 'x-given': 'yes' });
});

it('believes no certificate of another name', async () => {
  const other = 'other.runway.test';
  const testOrigins = parseTestOrigins(`${other}:${receiver.port}=127.0.0.1`);
  const url = new URL(`https://${other}:${receiver.port}/`);
  await expect(open({ testOrigins })({ ...post(), url })).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  expect(receiver.received).toEqual([]);
});

it('follows no redirect', async () => {
  reply = { status: 302, headers: { location: `https://${host}:${receiver.port}/elsewhere` } };
  expect(await open()(post())).toBe(302);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/in']);
});

it('waits no longer than its limit, for an answer or for the resolver', async () => {
  reply = 'hang';
  await expect(open({ timeoutMilliseconds: 50 })(post())).rejects.toThrow();
  const silent = vi.fn(() => new Promise<never>(() => undefined));
  const lost = open({ timeoutMilliseconds: 50, testOrigins: new Map(), resolver: silent });
  await expect(lost({ ...post(), url: new URL(`https://${host}/`) })).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('reads no more of an answer than its limit', async () => {
  reply = { status: 200, bytes: 5_000_000 };
  expect(await open({ maximumBytes: 1_000 })(post())).toBe(200);
  await vi.waitFor(() => expect(receiver.connections()).toBe(0));
});

// Answers a public address first and this machine's ever after, as a rebinding name server does.
it('resolves a name once: a second, hostile answer is never asked for', async () => {
  const answers = [['93.184.215.14'], ['127.0.0.1']];
  const resolver = vi.fn(async () => answers.shift() ?? ['127.0.0.1']);
  const { address } = await resolveTarget(new URL(`https://${host}/`), resolver);
  expect(address).toBe('93.184.215.14');
  expect(resolver).toHaveBeenCalledTimes(1);
  await expect(
    open({ resolver, testOrigins: new Map() })({ ...post(), url: new URL(`https://${host}/`) }),
  ).rejects.toThrow(TargetRefused);
  expect(resolver).toHaveBeenCalledTimes(2);
  expect(receiver.received).toEqual([]);
});

const hidden = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'no address',
];

it.each(hidden)('connects to nobody at %s, whoever else the name has', async (address) => {
  expect(isPublicAddress(address)).toBe(false);
  const resolver = async () => ['93.184.215.14', address];
  await expect(resolveTarget(new URL(`https://${host}/`), resolver)).rejects.toThrow(TargetRefused);
});

it.each(['8.8.8.8', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([
  'http://hooks.runway.test/',
  'https://hooks.runway.test:8443/',
  'https://user:secret@hooks.runway.test/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://017700000001/',
  'https://[::1]/',
  'https://[::ffff:7f00:1]/',
  'https://[fd00:ec2::254]/latest/meta-data/',
])('refuses %s before anything is asked of a name server', async (text) => {
  await expect(resolveTarget(new URL(text), noResolver)).rejects.toThrow(TargetRefused);
});

it('takes the IPv4 address of a name that has both', async () => {
  const resolver = async () => ['2606:4700::1111', '1.1.1.1'];
  expect(await resolveTarget(new URL(`https://${host}/`), resolver)).toEqual({ host, address: '1.1.1.1', port: 443 });
});

it('test origins are of the reserved domain test, and nothing else', () => {
  expect(() => parseTestOrigins('hooks.example.com:8443=127.0.0.1')).toThrow('expected <host>.test');
  expect(() => parseTestOrigins('hooks.test:8443=localhost')).toThrow('expected <host>.test');
});
