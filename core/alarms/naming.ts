import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { runbookLink } from '../notification/links.ts';
import type { AlarmSite } from './definition.ts';

type NamedSite = AlarmSite<Pick<ResolvedConfig, 'application'>>;

/** Name and description of an alarm, in the fields of the API. */
export function named(
  { config }: NamedSite,
  { id, says, runbook }: { readonly id: string; readonly says: string; readonly runbook: string },
): { readonly AlarmName: string; readonly AlarmDescription: string } {
  return { AlarmName: names.alarm(config, id), AlarmDescription: `${says}. Runbook: ${runbookLink(runbook)}` };
}

/** The condition that one of the alarms is in alarm, for a rule. */
export function inAlarm({ config }: NamedSite, id: string): string {
  return `ALARM("${names.alarm(config, id)}")`;
}
