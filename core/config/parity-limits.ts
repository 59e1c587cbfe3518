/** Revisions of the contract health document that two Regions have to share; a release may differ while it is rolled out. */
export const PARITY_REVISIONS = ['schema_rev', 'model_tag', 'index_hash', 'secrets_rev'] as const;
export type ParityRevision = (typeof PARITY_REVISIONS)[number];
