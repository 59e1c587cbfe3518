import { describe, expect, it } from 'vitest';
import { endpointUrl, isLoadBalancerName, parseEndpoint } from '../../../core/config/endpoint.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { passiveInput, problemsIn, withValue } from '../../_helpers/config.ts';

type Endpoint = ConfigInput['regions'][number]['endpoint'];

const at = (endpoint: unknown): readonly string[] =>
  problemsIn(withValue(passiveInput(), 'regions.0.endpoint', endpoint)).flatMap(({ path, message }) =>
    path.startsWith('regions[0].endpoint') ? [message] : [],
  );

const HOST = 'shop.example';
const LOAD_BALANCER = 'shop-1.ap-southeast-1.elb.amazonaws.com';
const hostname = { kind: 'hostname', hostname: HOST };

describe('an endpoint', () => {
  it.each([
    { endpoint: 'https://shop.example', protocol: 'https', host: HOST, port: 443, target: hostname },
    { endpoint: 'http://shop.example', protocol: 'http', host: HOST, port: 80, target: hostname },
    { endpoint: 'shop.example', protocol: 'https', host: HOST, port: 443, target: hostname },
    { endpoint: 'shop.example/', protocol: 'https', host: HOST, port: 443, target: hostname },
    { endpoint: 'https://shop.example:8443', protocol: 'https', host: HOST, port: 8443, target: hostname },
    { endpoint: 'http://shop.example:443/', protocol: 'http', host: HOST, port: 443, target: hostname },
    { endpoint: 'shop.example:65535', protocol: 'https', host: HOST, port: 65_535, target: hostname },
    { endpoint: 'shop.example:80', protocol: 'https', host: HOST, port: 80, target: hostname },
    {
      endpoint: '192.0.2.1',
      protocol: 'https',
      host: '192.0.2.1',
      port: 443,
      target: { kind: 'address', address: '192.0.2.1' },
    },
    {
      endpoint: 'http://192.0.2.1:8080',
      protocol: 'http',
      host: '192.0.2.1',
      port: 8080,
      target: { kind: 'address', address: '192.0.2.1' },
    },
    {
      endpoint: { loadBalancer: `http://${LOAD_BALANCER}`, hostedZoneId: 'Z1' },
      protocol: 'http',
      host: LOAD_BALANCER,
      port: 80,
      target: { kind: 'load-balancer', dnsName: LOAD_BALANCER, hostedZoneId: 'Z1' },
    },
  ])('$endpoint is $protocol at $host:$port', ({ endpoint, ...parsed }) => {
    expect(at(endpoint)).toEqual([]);
    expect(parseEndpoint(endpoint as Endpoint)).toEqual(parsed);
  });

  it.each([
    { endpoint: '' },
    { endpoint: 'shop' },
    { endpoint: 'https://' },
    { endpoint: 'https://shop' },
    { endpoint: 'HTTPS://shop.example' },
    { endpoint: 'https://Shop.example' },
    { endpoint: 'ftp://shop.example' },
    { endpoint: 'https://shop.example/path' },
    { endpoint: 'https://shop.example?a=b' },
    { endpoint: 'https://user@shop.example' },
    { endpoint: 'shop.example.' },
    { endpoint: 'shop..example' },
    { endpoint: '-shop.example' },
    { endpoint: 'shop.example:' },
    { endpoint: 'shop.example:123456' },
    { endpoint: 'shop.example:0' },
    { endpoint: 'shop.example:65536' },
    { endpoint: '256.0.2.1' },
    { endpoint: '192.0.2' },
    { endpoint: '010.0.2.1' },
    { endpoint: 'shop.123' },
    { endpoint: '[2001:db8::1]' },
    { endpoint: 42 },
    { endpoint: { loadBalancer: LOAD_BALANCER } },
    { endpoint: { loadBalancer: LOAD_BALANCER, hostedZoneId: 'z1' } },
    { endpoint: { loadBalancer: 'https://shop.example/path', hostedZoneId: 'Z1' } },
  ])('$endpoint is refused, and that is said once', ({ endpoint }) => {
    expect(at(endpoint)).toHaveLength(1);
  });
});

describe('a URL on an endpoint', () => {
  it.each([
    { endpoint: 'https://shop.example', url: 'https://shop.example/health' },
    { endpoint: 'shop.example:443', url: 'https://shop.example/health' },
    { endpoint: 'http://shop.example:80/', url: 'http://shop.example/health' },
    { endpoint: 'http://shop.example:443', url: 'http://shop.example:443/health' },
    { endpoint: '192.0.2.1:8443', url: 'https://192.0.2.1:8443/health' },
    { endpoint: { loadBalancer: LOAD_BALANCER, hostedZoneId: 'Z1' }, url: `https://${LOAD_BALANCER}/health` },
  ])('of $endpoint names the port only where it is not the usual one', ({ endpoint, url }) => {
    expect(endpointUrl(endpoint, '/health')).toBe(url);
  });
});

describe('a host name', () => {
  it.each([
    { host: LOAD_BALANCER, is: true },
    { host: 'shop-1.elb.ap-southeast-1.amazonaws.com', is: true },
    { host: 'shop-1.cn-north-1.elb.amazonaws.com.cn', is: true },
    { host: 'elb.amazonaws.com', is: false },
    { host: 'elb.amazonaws.com.shop.example', is: false },
    { host: 'shop.example', is: false },
  ])('$host is that of a load balancer: $is', ({ host, is }) => {
    expect(isLoadBalancerName(host)).toBe(is);
  });
});
