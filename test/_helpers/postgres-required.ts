import { findPostgres } from '../../scripts/postgres-server.ts';

/**
 * Whether tests of real servers are skipped: where there is no PostgreSQL, unless it has to be there
 * (`SWITCHYARD_REQUIRE_POSTGRES=1`); its absence is a failure then.
 */
export const SKIPS_POSTGRES = findPostgres() === undefined && process.env['SWITCHYARD_REQUIRE_POSTGRES'] !== '1';
