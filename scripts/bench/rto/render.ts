import type { Phases } from '../../../twin/scenarios/result-document.ts';
import { markdownTable } from '../../markdown-table.ts';
import type { Figures, Spread } from './figures.ts';
import type { FleetFigures } from './fleet.ts';
import type { Bounds } from './floor.ts';
import type { PublishedTime } from './published.ts';

/** Everything that the bench has to say. */
export interface RtoDocument extends Figures, Bounds {
  readonly published: readonly PublishedTime[];
  /** What leaving a Region by the fleet switch takes, for one application and for a thousand. */
  readonly fleet: { readonly one: FleetFigures; readonly thousand: FleetFigures };
}

const PHASES: Readonly<Record<keyof Phases, string>> = {
  detect: 'detect',
  decide: 'decide',
  validate: 'validate',
  fence: 'fence',
  promote: 'promote (beside the rest)',
  scale: 'scale',
  shift: 'shift',
  answers: 'answers: the last location has followed',
  traffic: 'traffic: the load is seen to have followed',
};

/** The figures as tables, the bounds that they lie between, and the seeds to look at. */
export function renderRto({
  ours,
  plainRoute53,
  published,
  floor,
  budgetSeconds,
  fleet,
  ...rest
}: RtoDocument): string {
  const answer = floor.firstChangedAnswerSeconds;
  return [
    `${rest.seeds} outages of a Region; percentiles over the clients that honour the TTL, and over the outages`,
    '',
    markdownTable(
      ['seconds from the fault', 'floor', 'p50', 'p90', 'p99', 'max', 'budget'],
      [
        ['first changed answer', text(answer), ...cells(ours.firstChangedAnswerSeconds), ''],
        ['client RTO', text(floor.clientRtoSeconds), ...cells(ours.clientRtoSeconds), text(budgetSeconds)],
        ['client RTO under plain Route 53', '', ...cells(plainRoute53.clientRtoSeconds), ''],
      ],
    ),
    '',
    markdownTable(
      ['phase, seconds', 'p50', 'p90', 'p99', 'max'],
      (Object.keys(PHASES) as (keyof Phases)[]).map((phase) => [PHASES[phase], ...cells(ours.phases[phase])]),
    ),
    '',
    markdownTable(
      ['fleet switch', 'from the fault s', 'switch s', 'switch calls', 'API calls'],
      [fleetRow('1 application', fleet.one), fleetRow('1,000 applications', fleet.thousand)],
    ),
    '',
    ...floor.terms.map(({ name, seconds, because }) => `floor: ${name} ${seconds} s (${because})`),
    ...published.map(({ system, seconds, source }) => `published: ${system} ${seconds} s; ${source}`),
    `slowest: ${rest.worstSeeds.map(({ seed, clientRtoP99Seconds }) => `seed ${seed} (${clientRtoP99Seconds} s)`).join(', ')}`,
    ...rest.lostSeeds.map(
      ({ seed, why }) => `lost: seed ${seed}: ${why}; npm run rehearse -- region-outage --seed ${seed}`,
    ),
  ].join('\n');
}

function cells({ p50, p90, p99, max }: Spread): readonly string[] {
  return [p50, p90, p99, max].map(text);
}

function fleetRow(name: string, figures: FleetFigures): readonly string[] {
  const { virtualSeconds, switchSeconds, switchCalls, apiCalls } = figures;
  return [name, text(virtualSeconds), text(switchSeconds), String(switchCalls), String(apiCalls)];
}

function text(seconds: number | null): string {
  return seconds === null ? '–' : seconds.toFixed(1);
}
