import { containsCidr, parseCidr, parseIpAddress } from './ip-address.ts';

/**
 * Addresses that checkers cannot reach: local, private, shared and multicast (RFC 5735, 6598, 5156). The documentation
 * ranges of the same RFCs are let pass, since AWS's own examples use them.
 */
const UNREACHABLE = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3 ' +
  '::/127 fc00::/7 fe80::/10 ff00::/8'
)
  .split(' ')
  .map(parseCidr)
  .filter((block) => block !== undefined);

/** Why Route 53's checkers cannot probe an address, or nothing. */
export function checkerAddressFault(text: string): string | undefined {
  const address = parseIpAddress(text);
  if (address === undefined) return 'the address cannot be read';
  const host = { address, prefixLength: address.length * 8 };
  return UNREACHABLE.some((block) => containsCidr(block, host))
    ? 'checkers cannot reach local, private or multicast addresses'
    : undefined;
}
