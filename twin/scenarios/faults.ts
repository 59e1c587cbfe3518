import type { ApiFault } from '../aws/aws-world.ts';
import type { World } from '../world/world.ts';
import type { Fault } from './scenario.ts';

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

function setFault(world: World, fault: LastingFault, on: boolean): void {
  const { network, applications, database, aws } = world;
  switch (fault.kind) {
    case 'region-dark':
      network.setDark(fault.region, on);
      break;
    case 'front-door-down':
      applications.get(fault.region)?.setFrontDoor(!on);
      break;
    case 'component-down':
      applications.get(fault.region)?.setComponent(fault.component, !on);
      break;
    case 'observer-blind':
      network.setBlind(fault.observer, on);
      break;
    case 'control-plane-outage':
      network.failControlPlanes(on);
      break;
    case 'link-cut':
      network.setCut(fault.between[0], fault.between[1], on);
      break;
    case 'errors':
      applications.get(fault.region)?.setErrorShare(on ? fault.share : undefined);
      break;
    case 'replication-lag':
      database?.dialLag(on ? fault.seconds : undefined);
      break;
    case 'api-refused':
      aws.setFault(apiFaultOf(fault, { error: fault.error, message: fault.message }), on);
      break;
    case 'api-answer-lost':
      aws.setFault(apiFaultOf(fault, 'lost'), on);
      break;
  }
}

type FaultyApi = Extract<Fault, { kind: 'api-refused' | 'api-answer-lost' }>;

function apiFaultOf({ service, operation, region }: FaultyApi, answer: ApiFault['answer']): ApiFault {
  return { service, operation, answer, ...(region === undefined ? {} : { region }) };
}

/** Whom a fault of an API hurts is its caller, not the Region's clients. */
function isOfApi({ kind }: Fault): boolean {
  return kind === 'api-refused' || kind === 'api-answer-lost';
}

/** When a fault first hurts a Region's clients, seconds; the outage is counted from there. */
export function outageBeginsAt(faults: readonly Fault[], region: string): number | undefined {
  const hurting = faults.filter((fault) => 'region' in fault && fault.region === region && !isOfApi(fault));
  const times = (hurting.length > 0 ? hurting : faults).map(({ atSeconds }) => atSeconds);
  return times.length === 0 ? undefined : Math.min(...times);
}
