import * as z from 'zod';
import { deepCheck, httpCheck, trafficCheck } from './check-kinds/front-door.ts';
import { lambdaCheck } from './check-kinds/function.ts';
import { cloudWatchCheck, prometheusCheck } from './check-kinds/measured.ts';
import { dnsCheck, tcpCheck, tlsExpiryCheck } from './check-kinds/network.ts';
import {
  auroraLagCheck,
  dynamoDbReplicationLatencyCheck,
  kafkaReplicatorLagCheck,
  queueAgeCheck,
  route53Check,
  s3ReplicationLatencyCheck,
} from './check-kinds/ready-made.ts';

/** One row of the check table. */
export const checkSchema = z.discriminatedUnion('kind', [
  httpCheck,
  deepCheck,
  trafficCheck,
  tcpCheck,
  tlsExpiryCheck,
  dnsCheck,
  cloudWatchCheck,
  prometheusCheck,
  auroraLagCheck,
  dynamoDbReplicationLatencyCheck,
  s3ReplicationLatencyCheck,
  queueAgeCheck,
  kafkaReplicatorLagCheck,
  route53Check,
  lambdaCheck,
]);
export type Check = Readonly<z.output<typeof checkSchema>>;
export type CheckClass = Check['class'];
export type CheckKind = Check['kind'];
/** A check of one kind. */
export type CheckOf<Kind extends CheckKind> = Extract<Check, { readonly kind: Kind }>;
