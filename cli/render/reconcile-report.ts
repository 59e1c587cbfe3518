import { isoTime } from '../../core/iso-time.ts';
import { DIFFERENCE_CLASSES } from '../../core/reconcile/difference.ts';
import { printKey } from '../../core/reconcile/key.ts';
import type { KeyReason } from '../../core/reconcile/plan.ts';
import type { ReconcileReport, ReportSection } from '../../core/reconcile/report.ts';

/** Keys that are printed of a section; the JSON has more. */
const KEYS_PRINTED = 10;
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A report, for a person to read. */
export function renderReconcileReport(report: ReconcileReport): string {
  const { planId, regions, cutEpochMs, repair, digest, approvedBy } = report;
  return [
    `Plan ${planId}: ${regions.source} serves, ${regions.target} is to agree with it`,
    `  parted    ${cutEpochMs === null ? 'unknown: nobody can tell which side changed a row' : isoTime(cutEpochMs)}`,
    `  repairs   ${repair === 'source-only' ? `in ${regions.source} only` : 'on both sides'}`,
    `  digest    ${digest}`,
    `  approved  ${approvedBy === null ? 'no' : `by ${approvedBy}`}`,
    ...report.needsApproval.map((reason) => `  look at   ${reason}`),
    '',
    ...report.sections.flatMap(renderSection),
    renderVerdict(report),
    renderBlocking(report),
  ].join('\n');
}

function renderVerdict({ clean, sections }: ReconcileReport): string {
  if (clean === null) return 'not verified';
  if (!clean) return 'not clean: rows differ that were not left to a person';
  const toReplication = sections.some(({ leftToReplication }) => leftToReplication > 0);
  return `clean: nothing differs but what was left to a person${toReplication ? ' or to replication' : ''}`;
}

function renderBlocking({ blocking: { total }, clean, sections }: ReconcileReport): string {
  if (total > 0) return `${count(total)} ${total === 1 ? 'row keeps' : 'rows keep'} traffic from going back`;
  const isPlanned = clean === null && sections.some(({ pending }) => pending > 0);
  return `nothing keeps traffic from going back${isPlanned ? ' once the plan is applied' : ''}`;
}

function renderSection(section: ReportSection): readonly string[] {
  const { name, tier, policy, compared, discrepancies, verified, keys } = section;
  const found = DIFFERENCE_CLASSES.filter((word) => discrepancies[word] > 0).map(
    (word) => `${word} ${count(discrepancies[word])}`,
  );
  const became = (['resolved', 'pending', 'leftToReplication', 'changedSince', 'unresolved'] as const)
    .filter((word) => section[word] > 0)
    .map((word) => `${WORDS[word]} ${count(section[word])}`);
  return [
    `${name} (${tier}, ${policy}): ${rows(compared)} compared, ${count(discrepancies.total)} differ`,
    ...(found.length === 0 ? [] : [`  found     ${found.join(', ')}`, `  of these  ${became.join(', ')}`]),
    ...(verified === null ? [] : [`  verified  ${renderVerified(verified, section.leftToReplication)}`]),
    ...renderKeys(verified?.keys ?? keys),
    '',
  ];
}

const WORDS = {
  resolved: 'resolved',
  pending: 'to be applied',
  leftToReplication: 'left to replication',
  changedSince: 'changed since the plan',
  unresolved: 'left to a person',
} as const;

function renderVerified(
  { compared, remaining, unexpected, inMotion }: NonNullable<ReportSection['verified']>,
  leftToReplication: number,
): string {
  return [
    `${rows(compared)} compared again`,
    remaining === 0 ? '0 differ' : `${count(remaining)} differ (${count(unexpected)} not left to a person)`,
    ...(inMotion === 0 ? [] : [`${count(inMotion)} on their way`]),
    ...(leftToReplication === 0 ? [] : ['without those left to replication']),
  ].join(', ');
}

function renderKeys(keys: readonly KeyReason[]): readonly string[] {
  const printed = keys.slice(0, KEYS_PRINTED).map(({ key, reason }) => `  - ${printKey(key)}: ${reason}`);
  const more = keys.length - printed.length;
  return more > 0 ? [...printed, `  - and ${more} more (--json)`] : printed;
}

function rows(value: number): string {
  return `${count(value)} ${value === 1 ? 'row' : 'rows'}`;
}

function count(value: number): string {
  return whole.format(value);
}
