import type { ResolvedConfig } from '../config/types.ts';
import type { AlarmSite, Limit, Watched } from './definition.ts';

/** Where our own work is watched. */
export type OperationSite = AlarmSite<Pick<ResolvedConfig, 'application'>>;

/** An alarm on our own work: all of these tell people. */
export interface OperationAlarm {
  readonly id: string;
  readonly runbook: string;
  readonly says: string;
  readonly watched: Watched;
  readonly limit: Limit;
}

/** The function that decides, starts and tells. */
export const OBSERVER = 'observe-regions';

/** The application and the Region, for a description. */
export function whereOf({ config, region }: OperationSite): string {
  return `${config.application} in ${region}`;
}
