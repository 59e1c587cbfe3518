/** What a handler or a middleware of the SDK is given; only the context is looked into here. */
type Handler = (args: { readonly input: unknown }) => Promise<unknown>;
type Context = Readonly<Record<string, unknown>> & { readonly commandName: string };
/** A step of a call: does its part and hands on. */
export type Middleware = (next: Handler, context: Context) => Handler;
type Options = Readonly<Record<string, unknown>> & { readonly name?: string };

/** The part of the SDK's middleware stack that is used here. */
interface Stack {
  add(middleware: Middleware, options: Options): void;
  addRelativeTo(middleware: Middleware, options: Options): void;
  concat(from: Stack): Stack;
  remove(middleware: Middleware): boolean;
  applyToStack(to: Pick<Stack, 'add' | 'addRelativeTo'>): void;
  resolve(handler: Handler, context: Context): Handler;
}

/** A client as far as its calls are answered. */
interface AnsweredClient {
  readonly middlewareStack: Stack;
  readonly config: { logger: object; endpoint?: () => Promise<object> };
}

/**
 * Lets a middleware right after the SDK's retry middleware answer a client's calls: inputs are validated and serialized by
 * the real client, retries and back-off run on virtual time, and nothing goes to the network.
 */
export function answerCalls(client: unknown, answer: Middleware): void {
  const { middlewareStack, config } = client as AnsweredClient;
  // A logger without methods spares the SDK from preparing lines that nobody reads.
  config.logger = {};
  middlewareStack.addRelativeTo(answer, {
    name: 'answeredByTheTwin',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
}

/** They find, sign and address a request's way over the network, which none goes; together half of a call's time. */
const FOR_THE_NETWORK: ReadonlySet<string> = new Set([
  'loggerMiddleware',
  'httpAuthSchemeMiddleware',
  'endpointV2Middleware',
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'httpSigningMiddleware',
]);

/** Serialized requests carry it; nothing is ever sent there. */
const NO_ENDPOINT = { protocol: 'https:', hostname: 'twin.invalid', path: '/' };

/**
 * Turns of promises that a call of DynamoDB takes through what is left out, on the way there and on the way back. They
 * are kept: calls that begin in one moment reach the network, and draw their latencies, in the order of their turns, so
 * that a seed goes on giving the run that it gave.
 */
const TURNS_LEFT_OUT = { before: 41, after: 6 } as const;

/**
 * Spares an answered DynamoDB client the work that only the network needs, and the sorting of its middlewares, twice for
 * every call: nineteen calls of twenty in a rehearsal are its.
 */
export function shortenCalls(client: unknown): void {
  const { middlewareStack: stack, config } = client as AnsweredClient;
  config.endpoint = async () => NO_ENDPOINT;
  const merge = stack.concat;
  const orders = new Map<string, readonly Middleware[]>();
  const joined = (parts: readonly Stack[]): Stack => ({
    ...stack,
    concat: (part) => joined([...parts, part]),
    // What a command adds to the stack depends on its class and the client alone.
    resolve: (handler, context) => {
      const order = orders.get(context.commandName) ?? orderOf(mergeAll(merge, parts), handler, context);
      orders.set(context.commandName, order);
      return takingTurns(order.reduce((next, middleware) => middleware(next, context), handler));
    },
  });
  stack.concat = (part) => joined([part]);
}

function mergeAll(merge: Stack['concat'], [first, ...others]: readonly Stack[]): Stack {
  return others.reduce((merged, part) => merged.concat(part), merge(first as Stack));
}

/** The middlewares of a stack, innermost first: each is replaced by one that tells its turn. */
function orderOf(stack: Stack, handler: Handler, context: Context): readonly Middleware[] {
  const order: Middleware[] = [];
  const replacements: (() => void)[] = [];
  const replaceBy =
    (add: 'add' | 'addRelativeTo') =>
    (middleware: Middleware, options: Options): void => {
      const telling: Middleware = (next) => {
        if (!FOR_THE_NETWORK.has(options.name ?? '')) order.push(middleware);
        return next;
      };
      replacements.push(() => {
        stack.remove(middleware);
        stack[add](telling, { ...options, middleware: telling });
      });
    };
  stack.applyToStack({ add: replaceBy('add'), addRelativeTo: replaceBy('addRelativeTo') });
  for (const replace of replacements) replace();
  stack.resolve(handler, context);
  return order;
}

function takingTurns(handler: Handler): Handler {
  return async (args) => {
    for (let turn = 0; turn < TURNS_LEFT_OUT.before; turn++) await undefined;
    try {
      return await handler(args);
    } finally {
      for (let turn = 0; turn < TURNS_LEFT_OUT.after; turn++) await undefined;
    }
  };
}
