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
  const ssm = aws.ssm(routingRegion(config));
  const [zone, { Parameters = [] }, table, switches] = await Promise.all([
    readZone({ route53: aws.route53(), ssm, hostedZoneId: config.hostedZoneId }),
    ssm.send(new GetParametersByPathCommand({ Path: `/switchyard/${config.application}/`, Recursive: true })),
    readTable(aws.dynamoDb(VANTAGE), config),
    readSwitches(stage),
  ]);
  const state = table.state;
  if (state === undefined) throw new Error('the coordination table holds no state');
  const { epoch, phase, activeRegion, writerRegion, evacuated, weights } = state;
  return {
    records: zone.recordSets,
    parameters: Object.fromEntries(Parameters.map(({ Name = '', Value = '' }) => [Name, Value])),
    switches,
    state: { epoch, phase, activeRegion, writerRegion, evacuated, weights },
  };
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
