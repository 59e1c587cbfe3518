import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { applicationRegions, guardiansOf, routingRegion } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import { readZone } from './beside/route53-feed.ts';
import { VANTAGE } from './example.ts';
import { DEPLOYMENT } from './play.ts';
import { readTable } from './sightings.ts';
import type { Stage } from './stage.ts';
import type { Standing } from './story.ts';

/** Reads what decides where traffic goes, through the API. */
export async function readLive(stage: Stage): Promise<Standing> {
  const { aws, config } = stage;
  const [zone, parameters, table, switches] = await Promise.all([
    zoneOf(stage),
    parametersOf(stage),
    readTable(aws.dynamoDb(VANTAGE), config),
    readSwitches(stage),
  ]);
  const state = table.state;
  if (state === undefined) throw new Error('the coordination table holds no state');
  const { epoch, phase, activeRegion, writerRegion, evacuated, weights } = state;
  return {
    records: zone.recordSets,
    parameters,
    switches,
    state: { epoch, phase, activeRegion, writerRegion, evacuated, weights },
  };
}

/** The zone and all health checks, as they are now. */
export function zoneOf({ aws, config }: Pick<Stage, 'aws' | 'config'>): ReturnType<typeof readZone> {
  return readZone({ route53: aws.route53(), ssm: aws.ssm(routingRegion(config)), hostedZoneId: config.hostedZoneId });
}

/** The live weights that are kept for the next deployment, by name. */
export async function parametersOf({ aws, config }: Stage): Promise<Readonly<Record<string, string>>> {
  const path = { Path: names.weightFolder(config), Recursive: true };
  const { Parameters = [] } = await aws.ssm(routingRegion(config)).send(new GetParametersByPathCommand(path));
  return Object.fromEntries(Parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
}

async function readSwitches({ aws, config }: Stage): Promise<readonly string[]> {
  const guardians = new Set(applicationRegions(config).flatMap((ward) => guardiansOf(config, ward)));
  const keys = await Promise.all(
    [...guardians].map(async (guardian) => {
      const Bucket = names.guardianBucket(config, DEPLOYMENT, guardian);
      const { Contents = [] } = await aws.s3(guardian).send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key }) => `${Bucket}/${Key}`);
    }),
  );
  return keys.flat().toSorted();
}
