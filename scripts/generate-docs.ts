import { readFileSync, writeFileSync } from 'node:fs';
import { renderAlarms, renderMetrics } from './render-alarms.ts';
import { renderBundleSizes } from './render-bundle-sizes.ts';
import { renderCheckFields, renderCheckKinds, renderCommonFields, renderReadyMadeMetrics } from './render-checks.ts';
import { renderCheckTable, renderConfigurationTable, renderEntityTable } from './render-configuration.ts';
import { renderDecisionTable, renderGates } from './render-decision.ts';
import { renderLatencies } from './render-latencies.ts';
import { renderOperationMetrics } from './render-metrics.ts';
import {
  renderFleetPurposes,
  renderPurposes,
  renderReconcilePurposes,
  renderWideResources,
} from './render-permissions.ts';
import { renderPresetTable } from './render-presets.ts';
import { renderScenarios } from './render-scenarios.ts';

/** Parts of documents that are written from the code, by the name of their markers. */
export const GENERATED: Readonly<Record<string, Readonly<Record<string, () => string | Promise<string>>>>> = {
  'docs/alarms.md': { alarms: renderAlarms, metrics: renderMetrics },
  'docs/benchmarks.md': { sizes: renderBundleSizes },
  'docs/checks.md': {
    kinds: renderCheckKinds,
    common: renderCommonFields,
    fields: renderCheckFields,
    metrics: renderReadyMadeMetrics,
  },
  'docs/configuration.md': { presets: renderPresetTable, fields: renderConfigurationTable, checks: renderCheckTable },
  'docs/decision.md': { rows: renderDecisionTable, gates: renderGates },
  'docs/metrics.md': { operations: renderOperationMetrics },
  'docs/reconciliation.md': { entities: renderEntityTable },
  'docs/scenarios.md': { scenarios: renderScenarios },
  'docs/security.md': {
    purposes: renderPurposes,
    wide: renderWideResources,
    fleet: renderFleetPurposes,
    reconcile: renderReconcilePurposes,
  },
  'docs/twin-fidelity.md': { latencies: renderLatencies },
};

/** A document with its generated parts as the code would write them now. */
export async function regenerate(path: string): Promise<string> {
  let text = readFileSync(path, 'utf8');
  for (const [name, render] of Object.entries(GENERATED[path] ?? {})) {
    const part = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(\n<!-- end: ${name} -->)`);
    if (!part.test(text)) throw new Error(`${path} has no part "${name}"`);
    const written = await render();
    text = text.replace(part, (_, begin: string, end: string) => `${begin}${written}${end}`);
  }
  return text;
}

if (process.argv[1] === import.meta.filename) {
  for (const path of Object.keys(GENERATED)) writeFileSync(path, await regenerate(path));
}
