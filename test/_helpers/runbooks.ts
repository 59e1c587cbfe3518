import { existsSync, readFileSync } from 'node:fs';

/** What the page of an alarm answers, in this order. */
export const RUNBOOK_SECTIONS = ['What it means', 'How to look', 'What to do', 'When to escalate'];

/** Everything that keeps a page from being the runbook of an alarm. */
export function runbookFaults(path: string): readonly string[] {
  if (!existsSync(path)) return ['is not there'];
  const [title = '', ...parts] = readFileSync(path, 'utf8').split(/^## /m);
  const texts = new Map(parts.map((part) => [part.split('\n')[0], part.split('\n').slice(1).join('').trim()]));
  return [
    ...(title.startsWith('# Alarm: ') ? [] : ['is no page of an alarm']),
    ...RUNBOOK_SECTIONS.filter((section) => (texts.get(section) ?? '') === '').map((section) => `lacks "${section}"`),
  ];
}
