import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** `undefined` for what is no address; an IPv4 address inside an IPv6 one comes out as IPv4. */
function parse(text: string): Address | undefined {
  return isIP(text) === 0 ? undefined : ipaddr.process(text);
}

/** The IPv4 address a NAT64 gateway would go to, so that a private one cannot hide behind its prefix. */
function behindNat64(address: Address): Address | undefined {
  const bytes = address.toByteArray();
  return address.range() === 'rfc6052' && bytes[4] === 0 && bytes[5] === 0
    ? ipaddr.fromByteArray(bytes.slice(12))
    : undefined;
}

/** Whether the text is an address of this machine itself (`127.0.0.0/8`, `::1`). A name never is. */
export function isLoopbackAddress(text: string): boolean {
  return parse(text)?.range() === 'loopback';
}

/**
 * Whether the text is an address of the public internet. Private, loopback, link-local, shared (CGNAT), multicast,
 * documentation, tunnel and reserved addresses are not, and neither is a name.
 */
export function isPublicAddress(text: string): boolean {
  const address = parse(text);
  if (address === undefined) return false;
  return (behindNat64(address) ?? address).range() === 'unicast';
}

/**
 * A test for membership in a list of addresses and networks (`10.0.0.0/8`, `::1`, `192.0.2.7`).
 * @throws when an entry is neither; the message names it
 */
export function createNetworkList(entries: readonly string[]): (address: string) => boolean {
  const networks = entries.map(parseNetwork);
  return text => {
    const address = parse(text);
    if (address === undefined) return false;
    return networks.some(
      ([network, bits]) => address.kind() === network.kind() && address.match(network, bits),
    );
  };
}

function parseNetwork(entry: string): [Address, number] {
  const [text = '', bits, ...rest] = entry.split('/');
  const address = parse(text);
  const longest = address?.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? longest : Number(bits);
  if (
    address === undefined ||
    rest.length > 0 ||
    bits === '' ||
    !Number.isInteger(length) ||
    length < 0 ||
    length > longest
  )
    throw new Error(`"${entry}" is neither an address nor a network such as 10.0.0.0/8`);
  return [address, length];
}
