import { describe, expect, it } from 'vitest';
import { names } from '../../../core/config/names.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import {
  type DeploymentSituation,
  deploymentProblems,
  guardedRecordNames,
} from '../../../core/deployment/deployment-problems.ts';
import { formatProblem } from '../../../core/errors.ts';
import { type ApplicationState, initialState } from '../../../core/operation/application-state.ts';
import { compileRecordTree } from '../../../core/routing/compile/index.ts';
import { desiredWeights, type Weights } from '../../../core/routing/weights.ts';
import { DEPLOYMENT, regionsOf, SINGAPORE, SYDNEY, TOKYO, testConfig } from '../../_helpers/config.ts';
import { fixtureConfig } from '../../_helpers/configs.ts';
import { NOW } from '../../_helpers/observations.ts';
import { FAILED_OVER } from '../../_helpers/steps/step-world.ts';

const config = testConfig();
const AT_HOME: Weights = { [SINGAPORE]: 100, [TOKYO]: 0 };
const AWAY: Weights = { [SINGAPORE]: 0, [TOKYO]: 100 };
const LIVE = 'live.api.storefront.example';

const recordsOf = (of: ResolvedConfig, weights: Weights) =>
  compileRecordTree(of, DEPLOYMENT, weights).records.map((record) => ({ ...record, Name: `${record.Name}.` }));

const parametersOf = (of: ResolvedConfig, weights: Weights) =>
  new Map(desiredWeights(of, weights).map((want) => [names.weightParameter(of, want), String(want.weight)] as const));

const stateOf = (set: Partial<ApplicationState>): ApplicationState => ({ ...initialState(config), ...set });

/** An application that has failed over, with everything of one mind, but for what the test changes. */
function problems(changes: Partial<DeploymentSituation> = {}, of = config): readonly string[] {
  return deploymentProblems(of, {
    state: stateOf(FAILED_OVER),
    live: recordsOf(of, AWAY),
    parameters: parametersOf(of, AWAY),
    changeSet: parametersOf(of, AWAY),
    isFirst: false,
    nowEpochMs: NOW,
    ...changes,
  }).map(formatProblem);
}

describe('a deployment is in order', () => {
  it('after a failover that has ended, with state, records, parameters and change set of one mind', () => {
    expect(problems()).toEqual([]);
  });

  it('the first time: no state, no records, and parameters that have just been created', () => {
    const parameters = parametersOf(config, AT_HOME);
    expect(problems({ state: undefined, live: [], parameters, changeSet: parameters, isFirst: true })).toEqual([]);
  });

  it('the first time also where an observer has written the first state already', () => {
    const parameters = parametersOf(config, AT_HOME);
    const state = initialState(config);
    expect(problems({ state, live: [], parameters, changeSet: parameters, isFirst: true })).toEqual([]);
  });

  it('where a standby is added: the state does not know it, no record is there, its parameter is 0', () => {
    const wider = testConfig({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY]) });
    const parameters = parametersOf(wider, AWAY);
    expect(parameters.get(names.weightParameter(wider, { name: LIVE, setIdentifier: SYDNEY }))).toBe('0');
    expect(problems({ parameters, changeSet: parameters }, wider)).toEqual([]);
  });

  it('where a Region is added and all serve: it has a group of its own', () => {
    const catalog = fixtureConfig('active-active-latency');
    const [first = '', second = ''] = catalog.regions.map(({ id }) => id);
    const before: Weights = { [first]: 100, [second]: 100 };
    const live = recordsOf(catalog, before).filter(({ Name }) => !Name.startsWith('ap-southeast-2.'));
    const parameters = parametersOf(catalog, before);
    const state = { ...initialState(catalog), weights: before };
    expect(problems({ state, live, parameters, changeSet: parameters }, catalog)).toEqual([]);
  });

  it('where a standby is removed that nobody uses', () => {
    const narrower = testConfig({ regions: regionsOf([TOKYO, SYDNEY]) });
    const state = stateOf({ ...FAILED_OVER, evacuated: [] });
    expect(
      problems({ state, parameters: parametersOf(narrower, AWAY), changeSet: parametersOf(narrower, AWAY) }, narrower),
    ).toEqual([]);
  });

  it('though something is pending, where the zone lacks every record: this deployment is to bring them', () => {
    const state = stateOf({ ...FAILED_OVER, recordsPending: true });
    expect(problems({ state, live: [] })).toEqual([]);
  });
});

describe('a deployment is refused', () => {
  const running = { operationId: 'op-1', leaseExpiresAtEpochMs: NOW + 90_000 };

  it.each(['FAILING_OVER', 'FAILING_BACK', 'NEEDS_OPERATOR', 'STEADY'] as const)(
    'while an operation holds the application in %s, and told until when',
    (phase) => {
      expect(problems({ state: stateOf({ ...FAILED_OVER, ...running, phase }) })).toEqual([
        `- state.operationId: an operation runs, in phase ${phase} (found "op-1"); deploy again when it has ended; unless it is heard of, it holds the application for 90 s`,
      ]);
    },
  );

  it.each([
    { phase: 'FAILING_OVER', remedy: 'start the next one by hand' },
    { phase: 'FAILING_BACK', remedy: 'start the next one by hand' },
    { phase: 'NEEDS_OPERATOR', remedy: 'settle it' },
  ] as const)('in $phase though nobody holds it: $remedy', ({ phase, remedy }) => {
    const left = { operationId: 'op-1', leaseExpiresAtEpochMs: NOW };
    const [told = ''] = problems({ state: stateOf({ ...FAILED_OVER, ...left, phase }) });
    expect(told).toContain(`(found "${phase}"; allowed: STEADY, FAILED_OVER)`);
    expect(told).toContain(remedy);
  });

  it('where a change of the weights is not finished', () => {
    const state = stateOf({ ...FAILED_OVER, recordsPending: true, weightsPending: true });
    expect(problems({ state })).toEqual([
      expect.stringContaining(`state.recordsPending: the last change of the weights is not finished`),
      expect.stringContaining(`the reconciler in ${TOKYO} finishes it`),
    ]);
  });

  it.each([
    {
      what: 'records',
      changes: { live: recordsOf(config, AT_HOME) },
      says: '{"state":0,"record":100,"parameter":0,"changeSet":0}',
    },
    {
      what: 'parameters',
      changes: { parameters: parametersOf(config, AT_HOME) },
      says: '{"state":0,"record":0,"parameter":100,"changeSet":0}',
    },
    {
      what: 'no parameters',
      changes: { parameters: new Map() },
      says: '{"state":0,"record":0,"parameter":null,"changeSet":0}',
    },
    {
      what: 'a change set',
      changes: { changeSet: parametersOf(config, AT_HOME) },
      says: '{"state":0,"record":0,"parameter":0,"changeSet":100}',
    },
  ] satisfies { what: string; changes: Partial<DeploymentSituation>; says: string }[])(
    'by $what of another mind, with a line per weight that says what each says',
    ({ changes, says }) => {
      const told = problems(changes);
      expect(told).toHaveLength(2);
      expect(told[0]).toContain(`${LIVE}/${SINGAPORE}: the weight is not the same everywhere (found ${says})`);
      expect(told[1]).toContain(`${LIVE}/${TOKYO}`);
    },
  );

  it('by a change set that is older than the weights, with the remedy for just that', () => {
    expect(problems({ changeSet: parametersOf(config, AT_HOME) })[0]).toContain(
      'deploy again: the change set is older',
    );
    expect(problems({ live: recordsOf(config, AT_HOME) })[0]).toContain('docs/day-2.md#a-refused-deployment');
  });

  it('where there is no state and the zone is not as at the start', () => {
    expect(problems({ state: undefined })).toHaveLength(2);
  });

  it.each([
    { what: 'active', set: { activeRegion: SINGAPORE } },
    { what: 'writer', set: { writerRegion: SINGAPORE } },
    { what: 'weight in the state', set: { weights: { ...AWAY, [SINGAPORE]: 10 } } },
    { what: 'evacuated', set: { evacuated: [SINGAPORE] } },
    { what: 'held out', set: { heldOut: [SINGAPORE] } },
  ])('that removes a Region in use: $what', ({ what, set }) => {
    const narrower = testConfig({ regions: regionsOf([TOKYO, SYDNEY]) });
    const parameters = parametersOf(narrower, AWAY);
    const state = stateOf({ ...FAILED_OVER, evacuated: [], ...set });
    expect(problems({ state, parameters, changeSet: parameters }, narrower)).toEqual([
      `- regions: ${SINGAPORE} is to be removed and is in use (found ["${what}"]); take it out of service first: docs/day-2.md#remove-a-region`,
    ]);
  });

  it('that removes a Region whose record carries a weight, whatever the state says', () => {
    const narrower = testConfig({ regions: regionsOf([TOKYO, SYDNEY]) });
    const state = stateOf({ ...FAILED_OVER, evacuated: [] });
    const live = recordsOf(config, { [SINGAPORE]: 1, [TOKYO]: 100 });
    const parameters = parametersOf(narrower, AWAY);
    expect(problems({ state, live, parameters, changeSet: parameters }, narrower)).toEqual([
      expect.stringContaining('(found ["weight of its record"])'),
    ]);
  });

  it('that is the first and finds records of its own names: they are of another application', () => {
    const parameters = parametersOf(config, AT_HOME);
    const live = recordsOf(config, AT_HOME).filter(({ Name }) =>
      guardedRecordNames(config).includes(Name.slice(0, -1)),
    );
    const told = problems({ state: undefined, live, parameters, changeSet: parameters, isFirst: true });
    expect(told.map((line) => line.split(':')[0])).toEqual(
      live.map(({ Name, SetIdentifier }) => `- records/${Name.slice(0, -1)}/${SetIdentifier}`),
    );
  });

  it('for every reason at once, the operation first', () => {
    const state = stateOf({ ...FAILED_OVER, ...running, phase: 'FAILING_OVER', recordsPending: true });
    const told = problems({ state, live: recordsOf(config, AT_HOME) });
    expect(told.map((line) => line.slice(2).split(':')[0])).toEqual([
      'state.operationId',
      'state.recordsPending',
      `${LIVE}/${SINGAPORE}`,
      `${LIVE}/${TOKYO}`,
    ]);
  });
});

it('the names to look at are those of the application and of every weighted group', () => {
  expect(guardedRecordNames(config)).toEqual(['api.storefront.example', LIVE]);
  expect(guardedRecordNames(fixtureConfig('active-active-latency'))).toHaveLength(4);
});
