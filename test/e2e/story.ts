import { DescribeGlobalClustersCommand } from '@aws-sdk/client-rds';
import { names } from '../../core/config/names.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import { HOME, STANDBY } from './example.ts';
import { readLive } from './live.ts';
import {
  askDns,
  bootstrap,
  deploy,
  lookAtTable,
  openForBusiness,
  startFailback,
  synthesize,
  untilAnswered,
  untilEnded,
  untilHealthy,
  untilJudged,
  untilSettled,
  untilTold,
} from './play.ts';
import { until } from './real-time.ts';
import { removeEverything } from './remove.ts';
import type { Stage } from './stage.ts';
import { removeGlobalDatabase } from './world/data-tier.ts';
import { removeZone } from './world/zone.ts';

/** What decides where traffic goes, as it stands at one moment. */
export interface Standing {
  readonly records: readonly ResourceRecordSet[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Keys of the evacuation objects, by bucket. */
  readonly switches: readonly string[];
  readonly state: Pick<ApplicationState, 'epoch' | 'phase' | 'activeRegion' | 'writerRegion' | 'evacuated' | 'weights'>;
}

/** What there is to tell when the story is over. */
export interface Played {
  readonly startMs: number;
  readonly faultAtMs: number;
  readonly failover: OperationRecord;
  readonly failback: OperationRecord;
  /** What a resolver client was answered, over UDP. */
  readonly resolved: { readonly before: string; readonly afterFailover: string; readonly afterFailback: string };
  /** Before and after a later deployment while the standby serves. */
  readonly redeployed: { readonly before: Standing; readonly after: Standing };
  /** Why a deployment during the failback failed; empty where it did not. */
  readonly refusal: string;
  /** States of the standby's alarms on its traffic while it served, by name. */
  readonly alarms: Readonly<Record<string, string>>;
  /** In the end, before everything is removed. */
  readonly final: Standing;
  readonly writers: { readonly afterFailover: string; readonly afterFailback: string };
  /** What is still there after everything was removed. */
  readonly remains: readonly string[];
  readonly wallMs: number;
}

/** Assemblies that are ready to be deployed. */
interface Assemblies {
  readonly first: string;
  /** Differs in nothing that records hold. */
  readonly second: string;
  /** Differs in a record. */
  readonly third: string;
}

/**
 * The story: deployed with the real CLI, one Region dies, what was deployed notices and moves traffic, a later deployment
 * moves nothing, the Region comes back and traffic returns by rungs, everything is removed.
 */
export async function playStory(stage: Stage, say: (text: string) => void): Promise<Played> {
  const startMs = Date.now();
  const assemblies = await deployEverything(stage, say);
  say('deployed; users begin to ask');
  const load = await openForBusiness(stage);
  try {
    await untilHealthy(stage, [HOME, STANDBY]);
    await untilAnswered(stage, HOME);
    const before = await answerOf(stage);
    say(`all healthy, ${before} answers; ${HOME} goes dark`);
    const lost = await loseHome(stage);
    say(`failover ${lost.failover.status}, ${lost.answer} answers; deploying again`);
    const redeployed = await deployAgain(stage, assemblies.second);
    await untilHealthy(stage, [HOME, STANDBY]);
    say(`deployed again; ${HOME} is healthy, traffic is to return`);
    const back = await bringHome(stage, assemblies.third);
    await load.stop();
    const final = await readLive(stage);
    // Nobody is to look any more at what is taken down now.
    stage.timers.stop();
    say(`failback ${back.failback.status}, ${back.answer} answers; removing everything`);
    const remains = await removeEverything(stage, assemblies.first);
    await removeSurroundings(stage);
    return {
      startMs,
      faultAtMs: lost.faultAtMs,
      failover: lost.failover,
      failback: back.failback,
      resolved: { before, afterFailover: lost.answer, afterFailback: back.answer },
      redeployed,
      refusal: back.refusal,
      alarms: back.alarms,
      final,
      writers: { afterFailover: lost.writer, afterFailback: back.writer },
      remains,
      wallMs: Date.now() - startMs,
    };
  } finally {
    await load.stop();
  }
}

async function deployEverything(stage: Stage, say: (text: string) => void): Promise<Assemblies> {
  say('synthesizing, bootstrapping three Regions');
  const [first] = await Promise.all([
    synthesize(stage, { config: stage.configFiles.first, name: 'first' }),
    bootstrap(stage),
  ]);
  say('deploying every stack');
  // What is deployed later is ready before the clock of an outage runs.
  const [later] = await Promise.all([synthesizeLater(stage), deploy(stage, first)]);
  return { first, ...later };
}

/** The home Region dies, and nobody but what was deployed does anything about it. */
async function loseHome(stage: Stage): Promise<{
  readonly faultAtMs: number;
  readonly failover: OperationRecord;
  readonly answer: string;
  readonly writer: string;
}> {
  const faultAtMs = Date.now();
  stage.witness.faultBegan(faultAtMs);
  stage.gates.setDark(HOME, true);
  await stage.regions.get(HOME)?.goDark();
  const failover = await untilEnded(stage, { kind: 'failover', sinceMs: faultAtMs });
  return { faultAtMs, failover, answer: await answerOf(stage), writer: await writerOf(stage) };
}

/** An operator starts the failback; while it runs, somebody tries to deploy another record. */
async function bringHome(
  stage: Stage,
  assembly: string,
): Promise<Pick<Played, 'failback' | 'refusal' | 'alarms'> & { readonly answer: string; readonly writer: string }> {
  stage.witness.failbackBegan();
  const sinceMs = Date.now();
  await startFailback(stage);
  const [failback, refusal] = await Promise.all([
    untilEnded(stage, { kind: 'failback', sinceMs }),
    deployDuring(stage, { assembly, sinceMs }),
  ]);
  await untilTold(stage, `[FAILBACK][${failback.status}]`);
  await untilSettled(stage);
  const alarms = await untilJudged(stage, { region: STANDBY, beginning: names.alarm(stage.config, 'traffic-') });
  const answer = await answerOf(stage);
  await lookAtTable(stage);
  return { failback, refusal, answer, alarms, writer: await writerOf(stage) };
}

async function answerOf(stage: Stage): Promise<string> {
  return (await askDns(stage)).join();
}

async function synthesizeLater(stage: Stage): Promise<Omit<Assemblies, 'first'>> {
  const { configFiles } = stage;
  const second = await synthesize(stage, { config: configFiles.second, name: 'second' });
  return { second, third: await synthesize(stage, { config: configFiles.third, name: 'third' }) };
}

/** Deploys what differs in nothing that records hold, while the standby serves; the first part while the other Region is dead. */
async function deployAgain(stage: Stage, assembly: string): Promise<Played['redeployed']> {
  await untilSettled(stage);
  const before = await readLive(stage);
  const { config } = stage;
  await deploy(stage, assembly, [names.stack(config, 'coordination')]);
  // It comes back while the records are deployed, so that observers have seen it when that is over.
  stage.gates.setDark(HOME, false);
  await stage.regions.get(HOME)?.comeBack();
  await deploy(stage, assembly, [names.stack(config, 'routing'), '--exclusively']);
  return { before, after: await readLive(stage) };
}

/** Deploys another record while a failback is under way; gives the reason for which that is refused. */
async function deployDuring(
  stage: Stage,
  { assembly, sinceMs }: { readonly assembly: string; readonly sinceMs: number },
): Promise<string> {
  await until('a failback that has opened', 60, () =>
    stage.witness.operations().find(({ kind, openedAtEpochMs }) => kind === 'failback' && openedAtEpochMs >= sinceMs),
  );
  return deploy(stage, assembly, [names.stack(stage.config, 'routing')]).then(
    () => '',
    (error: unknown) => String(error),
  );
}

/** What was there before the story begins: of no use to anybody after it. */
async function removeSurroundings(stage: Stage): Promise<void> {
  const { aws, config } = stage;
  if (config.data.adapter === 'aurora-global') await removeGlobalDatabase(aws, config.data.globalCluster);
  await removeZone(aws, config.hostedZoneId);
}

/** The Region that the global database calls its writer. */
async function writerOf({ aws, config }: Stage): Promise<string> {
  if (config.data.adapter !== 'aurora-global') return '';
  const GlobalClusterIdentifier = config.data.globalCluster;
  const { GlobalClusters } = await aws
    .rds(STANDBY)
    .send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
  const writer = GlobalClusters?.[0]?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter);
  return writer?.DBClusterArn?.split(':')[3] ?? '';
}
