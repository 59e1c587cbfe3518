import { createMemoryCoordination, type MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import { createWriteFence } from '../../../client/write-fence.ts';
import { observersOf } from '../../../core/config/accessors.ts';
import { NO_FLEET } from '../../../core/fleet/call-fleet.ts';
import type { OperationRequest } from '../../../core/operation/request.ts';
import type { StateMachines } from '../../../core/ports.ts';
import { decideAndStart } from '../../../lambdas/observe-regions/decide-and-start.ts';
import { SINGAPORE, TOKYO } from '../config.ts';
import { checkState, reportBy } from '../observations.ts';
import { requestOf } from '../operations.ts';
import { fakeDataTier, fakeNotifier, fakeTelemetry } from '../steps/fake-ports.ts';
import { fakeProbePorts } from '../steps/fake-probe-ports.ts';
import { fakeRecords, fakeSwitch } from '../steps/fake-routing.ts';
import { createVirtualTime } from '../virtual-time.ts';
import { execute } from './execute.ts';
import { watchTable } from './history.ts';
import { createProcess, inTurn, reach } from './reach.ts';
import { STORY_CONFIG, type Stage } from './stage.ts';
import type { Story, Watch } from './story.ts';

const START_MS = 1_800_000_000_000;
/** A round of the observers. */
const ROUND_SECONDS = 10;
/** Where a story is cut off: what is still going on then has been seen to break nothing. */
const LONGEST_MS = 2_400_000;

/** Makes the table, perhaps one that breaks a rule. */
export type CreateTable = () => MemoryCoordination;

/** Plays a story to its end; `look` sees every quiet moment. */
export async function play(
  story: Story,
  look: (stage: Stage) => void = () => undefined,
  createTable: CreateTable = () => createMemoryCoordination(STORY_CONFIG),
): Promise<Stage> {
  const time = createVirtualTime(START_MS);
  const table = createTable();
  const history = watchTable(table);
  const fences = [SINGAPORE, TOKYO].map((region, index) => writerIn({ time, history }, region, story.writers[index]));
  const outside = {
    evacuation: fakeSwitch(STORY_CONFIG),
    records: fakeRecords(STORY_CONFIG),
    dataTier: fakeDataTier(),
    functions: fakeProbePorts().functions,
    telemetry: fakeTelemetry(),
  };
  const stage: Stage = { time, table, history, outside, fences, ends: new Map() };
  for (const { fence } of fences) void fence.run();
  let over = false;
  const told = Promise.all([...operate(stage, story), ...watch(stage, story)]);
  const end = (): void => {
    over = true;
  };
  told.then(end, end);
  while (!over && time.now() < START_MS + LONGEST_MS) await time.runUntil(time.now() + 5_000, () => look(stage));
  for (const { fence } of fences) fence.stop();
  if (over) await told;
  return stage;
}

function writerIn(
  { time, history }: Pick<Stage, 'time' | 'history'>,
  region: string,
  writer: Story['writers'][number] | undefined,
): Stage['fences'][number] {
  const { skewMs = 0, calls = [] } = writer ?? {};
  const coordination = reach(history.seenBy(), { time, process: createProcess(), nextCall: inTurn(calls) });
  return { region, fence: createWriteFence({ region, holder: region, coordination, clock: time.clock(skewMs) }) };
}

/** Each operator asks for one thing after the other. */
function operate(stage: Stage, { operators }: Story): readonly Promise<void>[] {
  return operators.map(async (moves, operator) => {
    for (const [index, move] of moves.entries()) {
      await stage.time.after(move.atSeconds * 1000);
      const [source, target] = move.way;
      const request = requestOf({ source, target, requestedBy: `operator ${operator}` });
      await execute(stage, { ...move, name: `by-operator-${operator}-${index}`, request });
    }
  });
}

/** The observers of the config, each in rounds; those in application Regions decide, and start what is due. */
function watch(stage: Stage, story: Story): readonly Promise<void>[] {
  const running: Promise<void>[] = [];
  const machines = machinesOf(stage, story, running);
  const rounds = observersOf(STORY_CONFIG).map((observer, index) => {
    const seen = story.watches[index];
    return seen === undefined ? Promise.resolve() : observe(stage, { observer, machines, seen });
  });
  return [...rounds, Promise.all(rounds).then(() => Promise.all(running).then(() => undefined))];
}

/** Step Functions: a name is taken once, and runs at once. */
function machinesOf(stage: Stage, { started }: Story, running: Promise<void>[]): StateMachines {
  const known = new Set<string>();
  return {
    start: async ({ name, input }) => {
      if (known.has(name)) return { kind: 'exists', running: !stage.ends.has(name), executionArn: `arn:of:${name}` };
      known.add(name);
      running.push(execute(stage, { ...started, kind: 'failover', name, request: input as OperationRequest }));
      return { kind: 'started', executionArn: `arn:of:${name}` };
    },
    endedAt: async (executionArn) => (stage.ends.has(executionArn.replace('arn:of:', '')) ? 0 : undefined),
  };
}

async function observe(
  { time, history }: Stage,
  { observer, machines, seen }: { readonly observer: string; readonly machines: StateMachines; readonly seen: Watch },
): Promise<void> {
  const clock = time.clock(seen.skewMs);
  const coordination = reach(history.seenBy(), { time, process: createProcess(), nextCall: inTurn(seen.calls) });
  const ports = {
    coordination,
    clock,
    machines,
    fleet: NO_FLEET,
    notifier: fakeNotifier(),
    telemetry: fakeTelemetry(),
  };
  await time.after(seen.fromSeconds * 1000);
  for (let round = 0; round < seen.rounds; round++) {
    const number = Math.floor(clock.nowEpochMs() / (ROUND_SECONDS * 1000));
    // A round that gets no answer is lost; the next one looks again.
    await lookOnce({ region: observer, ports, number }).catch(() => undefined);
    await time.after(ROUND_SECONDS * 1000);
  }
}

async function lookOnce({
  region,
  ports,
  number,
}: {
  readonly region: string;
  readonly ports: Parameters<typeof decideAndStart>[0]['ports'];
  readonly number: number;
}): Promise<void> {
  const { coordination, clock } = ports;
  if (!(await coordination.claimRound(region, number))) return;
  const { activeRegion } = await coordination.readState();
  const nowMs = clock.nowEpochMs();
  const at = { answeredAtEpochMs: nowMs, sinceEpochMs: nowMs - 60_000 };
  for (const subject of [SINGAPORE, TOKYO]) {
    const all = checkState(subject === activeRegion ? 'failed' : 'passed', at);
    const report = reportBy(STORY_CONFIG, region, { subject, all });
    await coordination.mergeReport({ ...report, round: number, reportedAtEpochMs: nowMs });
  }
  if (region === SINGAPORE || region === TOKYO) await decideAndStart({ config: STORY_CONFIG, region, ports });
}
