import { BlockList, isIP } from 'node:net';

/** Source: IANA IPv4 Special-Purpose Address Registry, what is not globally reachable, and multicast. */
const notPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // A cloud's metadata outside its link-local addresses.
  '168.63.129.16/32',
];

/**
 * Of IPv6 only global unicast counts, so that ULA, link-local, v4-mapped and NAT64 addresses are out by being none; and
 * of it not what stands for an IPv4 address or for nothing. Source: IANA IPv6 Special-Purpose Address Registry.
 */
const global6 = '2000::/3';
const notPublic6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const blocked4 = listOf(notPublic4, 'ipv4');
const unicast6 = listOf([global6], 'ipv6');
const blocked6 = listOf(notPublic6, 'ipv6');

/** Whether an IP address in its usual notation is one that everybody on the internet reaches alike. */
export function isPublicAddress(address: string): boolean {
  // A zone, as in `fe80::1%eth0`, belongs to an address of this machine's own links.
  if (address.includes('%')) return false;
  switch (isIP(address)) {
    case 4:
      return !blocked4.check(address, 'ipv4');
    case 6:
      return unicast6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6');
    default:
      return false;
  }
}

function listOf(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
