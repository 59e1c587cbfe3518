import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { guardiansOf } from '../../core/config/accessors.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import { parseJsonObject } from '../../core/parse-json.ts';
import type { EvacuationSwitch, GuardianOutcome } from '../../core/ports.ts';
import { holdBut } from './spared-guardian.ts';
import { errorName } from './translate-error.ts';

/** What the switch is made of. `clientFor` gives the client of a guardian's Region. */
export interface EvacuationSettings {
  readonly config: Pick<ResolvedConfig, 'application'> & {
    readonly evacuation: Pick<ResolvedConfig['evacuation'], 'guardians'>;
  };
  readonly deployment: Deployment;
  readonly clientFor: (region: string) => S3Client;
}

/** What the switch of a fleet is made of. */
export interface FleetSwitchSettings extends Omit<EvacuationSettings, 'config'> {
  readonly fleet: Pick<ResolvedFleet, 'fleet' | 'evacuation'>;
}

/** Where a Region's switch is kept, and what its checkers look for. */
interface SwitchObjects {
  readonly guardiansOf: (ward: string) => readonly string[];
  readonly bucketIn: (guardian: string) => string;
  readonly keyOf: (ward: string) => string;
  readonly markerOf: (ward: string) => string;
  readonly clientFor: (region: string) => S3Client;
}

const BY_HAND = 'set by hand';

interface Guardian {
  readonly region: string;
  readonly s3: S3Client;
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * The evacuation switch on Amazon S3: an object in each guardian's bucket, carrying the epoch it was set under. Writes
 * are conditional (`If-None-Match`, `If-Match`), so an operation that was overtaken cannot undo a newer one's switch.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
export function createS3Evacuation({ config, deployment, clientFor }: EvacuationSettings): EvacuationSwitch {
  return createObjectSwitch({
    guardiansOf: (ward) => guardiansOf(config, ward),
    bucketIn: (guardian) => names.guardianBucket(config, deployment, guardian),
    keyOf: (ward) => names.evacuationKey(config, ward),
    markerOf: (ward) => names.evacuationMarker(config, ward),
    clientFor,
  });
}

/** The one switch of a fleet: the same object for all of its members, whatever their number. */
export function createFleetSwitch({ fleet, deployment, clientFor }: FleetSwitchSettings): EvacuationSwitch {
  const application = names.fleetApplication(fleet.fleet);
  return createObjectSwitch({
    guardiansOf: (ward) => guardiansOf(fleet, ward),
    bucketIn: (guardian) => names.guardianBucket({ application }, deployment, guardian),
    keyOf: names.fleetKey,
    markerOf: (ward) => names.fleetMarker(fleet.fleet, ward),
    clientFor,
  });
}

function createObjectSwitch(objects: SwitchObjects): EvacuationSwitch {
  const guardians = (ward: string): readonly Guardian[] =>
    objects.guardiansOf(ward).map((region) => ({
      region,
      s3: objects.clientFor(region),
      Bucket: objects.bucketIn(region),
      Key: objects.keyOf(ward),
    }));
  return {
    evacuate: async (ward, epoch, spared) => {
      const body = JSON.stringify({ marker: objects.markerOf(ward), epoch });
      const set = (guardian: Guardian) => attempt(guardian, () => setSwitch(guardian, { body, epoch }));
      const letGo = (guardian: Guardian) => attempt(guardian, () => clearSwitch(guardian, { from: 1, to: epoch }));
      return holdBut(guardians(ward), { spared, set, letGo });
    },
    admit: (ward, epoch) =>
      Promise.all(
        guardians(ward).map((guardian) => attempt(guardian, () => clearSwitch(guardian, { from: 0, to: epoch }))),
      ),
    tidy: (ward, epoch) =>
      Promise.all(
        guardians(ward).map((guardian) => attempt(guardian, () => clearSwitch(guardian, { from: 1, to: epoch }))),
      ),
  };
}

/** A guardian that fails is reported; the other one suffices. */
async function attempt({ region }: Guardian, act: () => Promise<string | undefined>): Promise<GuardianOutcome> {
  try {
    const reason = await act();
    return reason === undefined ? { guardian: region, done: true } : { guardian: region, done: false, reason };
  } catch (error) {
    return {
      guardian: region,
      done: false,
      reason: `${errorName(error)}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** The reason why the switch was left alone; undefined where it is set now. */
async function setSwitch(
  guardian: Guardian,
  { body, epoch }: { body: string; epoch: number },
): Promise<string | undefined> {
  const { s3, Bucket, Key } = guardian;
  const object = { Bucket, Key, Body: body, ContentType: 'application/json', CacheControl: 'no-store' };
  try {
    await s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
    return undefined;
  } catch (error) {
    if (errorName(error) !== 'PreconditionFailed') throw error;
  }
  const found = await readSwitch(guardian);
  if (found === undefined) throw new Error('the switch was taken back while it was set');
  if (found.epoch === epoch) return undefined;
  if (found.epoch > epoch) return `set under epoch ${found.epoch}, newer than ${epoch}`;
  await s3.send(new PutObjectCommand({ ...object, IfMatch: found.etag }));
  return undefined;
}

/** Clears a switch that was set under one of these epochs. The reason why it was left alone; undefined where it is gone. */
async function clearSwitch(
  guardian: Guardian,
  { from, to }: { from: number; to: number },
): Promise<string | undefined> {
  const found = await readSwitch(guardian);
  if (found === undefined) return undefined;
  if (found.epoch > to) return `set under epoch ${found.epoch}, newer than ${to}`;
  if (found.epoch < from) return BY_HAND;
  const { s3, Bucket, Key } = guardian;
  await s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: found.etag }));
  return undefined;
}

async function readSwitch({ s3, Bucket, Key }: Guardian): Promise<{ etag: string; epoch: number } | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return { etag: ETag ?? '', epoch: epochOf(await Body?.transformToString()) };
  } catch (error) {
    if (errorName(error) === 'NoSuchKey' || errorName(error) === 'NotFound') return undefined;
    throw error;
  }
}

/** An object that somebody put there by hand belongs to no epoch: it counts as 0. */
function epochOf(body: string | undefined): number {
  const epoch = parseJsonObject(body ?? '')?.['epoch'];
  return typeof epoch === 'number' ? epoch : 0;
}
