/**
 * Stands for the network of the deployed functions, which the emulator runs as plain processes of this machine. On AWS they
 * have a resolver and reach name servers at port 53; here no file of the system may be changed and port 53 not be had. So
 * look-ups go to the resolver of the test, and questions to port 53 to its port. Loaded before a function's own code (NODE_OPTIONS, set in fill-gaps.ts);
 * the bundles are those of production.
 *
 * LOCAL_NETWORK: `{ "dns": "127.0.0.1:<port>", "suffix": "<zone>" }`.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import dnsPromises from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

const { dns: server, suffix } = JSON.parse(process.env.LOCAL_NETWORK ?? '{}');
const DNS_PORT = 53;

if (server !== undefined) {
  const port = Number(server.split(':')[1]);
  const resolver = new dns.Resolver();
  resolver.setServers([server]);

  const systemLookup = dns.lookup;
  dns.lookup = (host, options, callback) => {
    const done = callback ?? options;
    if (!host.endsWith(suffix)) return systemLookup(host, options, callback);
    resolver.resolve4(host, (error, addresses) => {
      if (error) return done(error);
      const all = typeof options === 'object' && options.all === true;
      return all
        ? done(
            null,
            addresses.map((address) => ({ address, family: 4 })),
          )
        : done(null, addresses[0], 4);
    });
  };

  dnsPromises.Resolver = class extends dnsPromises.Resolver {
    constructor(options) {
      super(options);
      this.setServers([server]);
    }
  };

  const send = dgram.Socket.prototype.send;
  dgram.Socket.prototype.send = function (message, to, ...rest) {
    return send.call(this, message, to === DNS_PORT ? port : to, ...rest);
  };
  syncBuiltinESMExports();
}
