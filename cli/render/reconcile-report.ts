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
  const { planId, regions, cutEpochMs, repair, digest, approvedBy, clean, blocking } = report;
  return [
    `Plan ${planId}: ${regions.source} serves, ${regions.target} is to agree with it`,
    `  parted    ${cutEpochMs === null ? 'unknown: nobody can tell which side changed a row' : isoTime(cutEpochMs)}`,
    `  repairs   ${repair === 'source-only' ? `in ${regions.source} only` : 'on both sides'}`,
    `  digest    ${digest}`,
    `  approved  ${approvedBy === null ? 'no' : `by ${approvedBy}`}`,
    ...report.needsApproval.map((reason) => `  LOOK AT   ${reason}`),
    '',
    ...report.sections.flatMap(renderSection),
    clean === null ? 'not verified' : clean ? 'CLEAN: nothing differs but what was left to a person' : 'NOT CLEAN',
    blocking.total === 0
      ? 'nothing keeps traffic from going back'
      : `${count(blocking.total)} rows keep traffic from going back`,
  ].join('\n');
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
    `${name} (${tier}, ${policy}): ${count(compared)} rows compared, ${count(discrepancies.total)} differ`,
    ...(found.length === 0 ? [] : [`  found     ${found.join(', ')}`, `  of these  ${became.join(', ')}`]),
    ...(verified === null ? [] : [`  verified  ${renderVerified(verified)}`]),
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

function renderVerified({ compared, remaining, unexpected, inMotion }: NonNullable<ReportSection['verified']>): string {
  const moving = inMotion === 0 ? '' : `, ${count(inMotion)} on their way`;
  return `${count(compared)} rows compared again, ${count(remaining)} differ, ${count(unexpected)} of them unexpectedly${moving}`;
}

function renderKeys(keys: readonly KeyReason[]): readonly string[] {
  const printed = keys.slice(0, KEYS_PRINTED).map(({ key, reason }) => `  - ${printKey(key)}: ${reason}`);
  const more = keys.length - printed.length;
  return more > 0 ? [...printed, `  - and ${more} more (--json)`] : printed;
}

function count(value: number): string {
  return whole.format(value);
}
