import type { ApiFault } from '../aws/aws-world.ts';
import type { World } from '../world/world.ts';
import type { Fault } from './fault-schema.ts';

/** Brings a fault about and takes it away again, at its times. `startMs` is the moment 0 of the scenario. */
export function scheduleFault(world: World, fault: Fault, startMs: number): void {
  const at = (seconds: number, run: () => void): void => world.clock.queue.at(startMs + seconds * 1000, run);
  if (fault.kind === 'region-flapping') {
    for (let down = fault.atSeconds; down < fault.untilSeconds; down += fault.downSeconds + fault.upSeconds) {
      at(down, () => world.network.setDark(fault.region, true));
      at(Math.min(down + fault.downSeconds, fault.untilSeconds), () => world.network.setDark(fault.region, false));
    }
    return;
  }
  at(fault.atSeconds, () => setFault(world, fault, true));
  if (fault.untilSeconds !== undefined) at(fault.untilSeconds, () => setFault(world, fault, false));
}

type LastingFault = Exclude<Fault, { kind: 'region-flapping' }>;

/** Brings a fault about, or takes it away again. */
type Setter<Kind extends LastingFault['kind']> = (
  world: World,
  fault: Extract<LastingFault, { kind: Kind }>,
  on: boolean,
) => void;

const SETTERS: { readonly [Kind in LastingFault['kind']]: Setter<Kind> } = {
  'region-dark': ({ network }, { region }, on) => network.setDark(region, on),
  'front-door-down': ({ applications }, { region }, on) => applications.get(region)?.setFrontDoor(!on),
  'buckets-unreachable': ({ network }, { region }, on) => network.setBucketsLost(region, on),
  'queued-writes': ({ events }, { region, writes }, on) =>
    void (on && events.emit({ kind: 'queued-writes', region, writes })),
  'unreplicated-writes': ({ data }, { rows, ...write }, on) => {
    for (const row of on ? rows : []) data?.write({ ...write, row });
  },
  'backbone-cut': ({ network }, { region }, on) => network.setCutOff(region, on),
  'component-down': ({ applications }, { region, component }, on) =>
    applications.get(region)?.setComponent(component, !on),
  'instances-down': ({ applications }, { region, component, down, of }, on) =>
    applications.get(region)?.setInstances(component, on ? { down, of } : undefined),
  errors: ({ applications }, { region, share }, on) => applications.get(region)?.setErrorShare(on ? share : undefined),
  'retry-storm': ({ applications }, { region, attempts }, on) =>
    applications.get(region)?.setAttempts(on ? attempts : undefined),
  'cold-cache': ({ applications }, { region, hitPercent }, on) =>
    applications.get(region)?.setCacheHits(on ? hitPercent : undefined),
  latency: ({ applications }, { region, p95Milliseconds }, on) =>
    applications.get(region)?.setP95(on ? p95Milliseconds : undefined),
  'revision-differs': ({ applications }, { region, revision, value }, on) =>
    applications.get(region)?.setRevision(revision, on ? value : undefined),
  'blob-differs': ({ blobs }, { region, manifest, as }, on) =>
    blobs.setFault({ region, manifest }, on ? as : undefined),
  'answers-drift': ({ applications }, { region, drift }, on) =>
    applications.get(region)?.setDrift(on ? drift : undefined),
  'dedupe-cold': ({ applications }, { region }, on) => applications.get(region)?.setDedupeCold(on),
  'metrics-lie': ({ applications }, { region, as }, on) => applications.get(region)?.setMetricsLie(on ? as : undefined),
  'document-lies': ({ applications }, { region, as }, on) =>
    applications.get(region)?.setDocumentLie(on ? as : undefined),
  'observer-blind': ({ network }, { observer }, on) => network.setBlind(observer, on),
  'probe-loss': ({ network }, { share }, on) => network.setProbeLoss(on ? share : 0),
  'clock-skew': ({ clocks }, { observer, seconds }, on) => clocks.setAhead(observer, on ? seconds * 1000 : 0),
  'control-plane-outage': ({ network }, _, on) => network.failControlPlanes(on),
  'channel-down': ({ webhooks }, { channel }, on) => webhooks.setDown(channel, on),
  'link-cut': ({ network }, { between: [a, b] }, on) => network.setCut(a, b, on),
  'over-caching': ({ habits }, { share, keepSeconds }, on) =>
    habits.setOverCaching(on ? { share, keepSeconds } : undefined),
  'replication-lag': ({ database }, { seconds }, on) => database?.dialLag(on ? seconds : undefined),
  'api-refused': ({ aws }, { error, message, ...call }, on) => aws.setFault(apiFaultOf(call, { error, message }), on),
  'api-answer-lost': ({ aws }, call, on) => aws.setFault(apiFaultOf(call, 'lost'), on),
  'api-call-late': ({ aws }, { afterSeconds, ...call }, on) => aws.setFault(apiFaultOf(call, { afterSeconds }), on),
  'orchestrator-killed': ({ machines }, point, on) => machines.setCrash(point, on),
};

function setFault<Kind extends LastingFault['kind']>(
  world: World,
  fault: Extract<LastingFault, { kind: Kind }>,
  on: boolean,
): void {
  const set: Setter<Kind> = SETTERS[fault.kind as Kind];
  set(world, fault, on);
}

type FaultyCall = Pick<Extract<Fault, { kind: 'api-answer-lost' }>, 'service' | 'operation' | 'region'>;

function apiFaultOf({ service, operation, region }: FaultyCall, answer: ApiFault['answer']): ApiFault {
  return { service, operation, answer, ...(region === undefined ? {} : { region }) };
}

/** Faults that no client feels: of an API its caller is hurt, and a lag hurts nobody while the writer stays. */
const FELT_BY_NO_CLIENT: ReadonlySet<Fault['kind']> = new Set([
  'api-refused',
  'api-answer-lost',
  'api-call-late',
  'blob-differs',
  'answers-drift',
  'dedupe-cold',
  'buckets-unreachable',
  'cold-cache',
  'over-caching',
  'queued-writes',
  'replication-lag',
  'unreplicated-writes',
]);

function hurtsNoClient({ kind }: Fault): boolean {
  return FELT_BY_NO_CLIENT.has(kind);
}

/** When a fault first hurts a Region's clients, seconds; the outage is counted from there. */
export function outageBeginsAt(faults: readonly Fault[], region: string): number | undefined {
  const hurting = faults.filter((fault) => 'region' in fault && fault.region === region && !hurtsNoClient(fault));
  const others = faults.filter(
    ({ kind }) => kind !== 'replication-lag' && kind !== 'over-caching' && kind !== 'unreplicated-writes',
  );
  const times = (hurting.length > 0 ? hurting : others).map(({ atSeconds }) => atSeconds);
  return times.length === 0 ? undefined : Math.min(...times);
}
