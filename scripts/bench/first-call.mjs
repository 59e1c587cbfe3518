// A function's first call in a fresh process: what Lambda does at a cold start. It is JavaScript, so that no time goes
// into stripping types. Argument: JSON of the bundle's address, the event and, where given, the moment that the clock
// stands at. Prints a line when the bundle is loaded and one when the call is over; milliseconds count from the start of
// the process.
const { bundle, event, frozenEpochMs } = JSON.parse(process.argv[2]);
if (frozenEpochMs !== undefined) Date.now = () => frozenEpochMs;
// The SDK imports node:http for an address of http:// alone, and with its names Node's WebSocket, a fifth of a cold start
// that a function on AWS does not have. Without the names there is nothing to load.
for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) delete process.getBuiltinModule('node:http')[name];
const write = process.stdout.write.bind(process.stdout);
// What the function logs is made and thrown away.
process.stdout.write = () => true;
for (const level of ['debug', 'log', 'info', 'warn', 'error']) console[level] = () => undefined;
const context = { functionName: 'bench', awsRequestId: 'bench', memoryLimitInMB: '512', invokedFunctionArn: 'arn' };

const { handler } = await import(bundle);
write(`${JSON.stringify({ startedAtEpochMs: performance.timeOrigin, importedMs: performance.now() })}\n`);
const outcome = await handler(event, context).then(
  () => 'returned',
  (error) => error.name,
);
const { user, system } = process.cpuUsage();
write(`${JSON.stringify({ returnedMs: performance.now(), cpuMs: (user + system) / 1000, outcome })}\n`, () =>
  process.exit(0),
);
