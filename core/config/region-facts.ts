/**
 * The Region sets within which a DynamoDB global table can be multi-Region strongly consistent: three Regions of one
 * set, as three replicas or two replicas and a witness.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html (consistency modes)
 */
export const STRONG_CONSISTENCY_SETS: readonly (readonly string[])[] = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/** Members of a strongly consistent global table, replicas and witness together. */
export const STRONG_CONSISTENCY_MEMBERS = 3;

/**
 * Regions without Aurora Global Database: Taipei, New Zealand and Thailand, for MySQL and PostgreSQL alike; looked up on
 * 2026-11-21.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.GlobalDatabase.html
 */
export const WITHOUT_AURORA_GLOBAL: ReadonlySet<string> = new Set(['ap-east-2', 'ap-southeast-6', 'ap-southeast-7']);
