import Client from 'pg/lib/client.js';

/** The client of `pg` alone: the package as a whole would bring its pool and its binding to native code into bundles. */
export { Client };
