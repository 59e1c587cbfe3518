import { describe, expect, it } from 'vitest';
import { compileAlarms } from '../../core/alarms/compile.ts';
import type { CompiledAlarm } from '../../core/alarms/definition.ts';
import { applicationRegions } from '../../core/config/accessors.ts';
import { runbookLink } from '../../core/notification/links.ts';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { RUNBOOK_SECTIONS, runbookFaults } from '../_helpers/runbooks.ts';

const ALARMS: readonly CompiledAlarm[] = [...CONFIGS, ...PRESET_CONFIGS].flatMap(([, config]) =>
  applicationRegions(config).flatMap((region) => compileAlarms(config, region)),
);
const PAGES = [...new Set(ALARMS.map(({ runbook }) => runbook))];

describe('the runbook of an alarm', () => {
  it.each(PAGES)('%s says what it means, how to look, what to do and when to escalate', (page) => {
    expect(runbookFaults(runbookLink(page))).toEqual([]);
  });

  it('is named by every alarm in its description, which CloudWatch takes', () => {
    for (const { runbook, definition } of ALARMS) {
      expect(definition.AlarmDescription.endsWith(`Runbook: ${runbookLink(runbook)}`)).toBe(true);
      expect(definition.AlarmDescription.length).toBeLessThanOrEqual(1024);
      expect(definition.AlarmName.length).toBeLessThanOrEqual(255);
    }
  });

  it('would be missed: a page that is not there and one without sections are found out', () => {
    expect(runbookFaults('docs/runbooks/nothing.md')).toEqual(['is not there']);
    expect(runbookFaults('docs/runbooks/failover.md')).toEqual([
      'is no page of an alarm',
      ...RUNBOOK_SECTIONS.map((section) => `lacks "${section}"`),
    ]);
  });
});
