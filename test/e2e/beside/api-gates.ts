import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

/** A way to the emulator for the functions of each Region, so that a Region can be dead: the emulator is one process. */
export interface ApiGates {
  /** The endpoint of the functions of a Region. */
  endpoints: Readonly<Record<string, string>>;
  /** A dark Region's functions reach nobody, and its APIs answer nobody. */
  setDark(region: string, dark: boolean): void;
  /** Calls that were answered by nobody. */
  unanswered(): number;
  stop(): Promise<void>;
}

/** Opens a gate for each Region. */
export async function openGates(emulator: string, regions: readonly string[]): Promise<ApiGates> {
  const { hostname, port } = new URL(emulator);
  const agent = new Agent({ keepAlive: true });
  const dark = new Set<string>();
  let unanswered = 0;
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url: path, headers } = incoming;
    const passed = request({ hostname, port, method, path, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  };
  const open = async (from: string): Promise<Server> => {
    const server = createServer((incoming, outgoing) => {
      if (!dark.has(from) && !dark.has(regionOf(incoming))) return pass(incoming, outgoing);
      // Neither refused nor closed: a dead Region says nothing.
      unanswered++;
      incoming.resume();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const gates = await Promise.all(regions.map(async (region) => [region, await open(region)] as const));
  return {
    endpoints: Object.fromEntries(
      gates.map(([region, server]) => [region, `http://127.0.0.1:${(server.address() as { port: number }).port}`]),
    ),
    setDark: (region, isDark) => void (isDark ? dark.add(region) : dark.delete(region)),
    unanswered: () => unanswered,
    stop: async () => {
      agent.destroy();
      await Promise.all(gates.map(([, server]) => close(server)));
    },
  };
}

/** The Region whose API is called stands in the scope of the signature: `<key>/<date>/<region>/<service>/aws4_request`. */
function regionOf({ headers }: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/([a-z0-9-]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
