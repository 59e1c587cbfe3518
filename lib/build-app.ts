import { Annotations, type App, Tags } from 'aws-cdk-lib';
import { renderBudget } from '../core/budget/render.ts';
import { applicationRegions, homeRegion, traitsOf } from '../core/config/accessors.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { formatProblem } from '../core/errors.ts';
import { deploymentOf } from './deployment.ts';
import { FUNCTIONS } from './functions.ts';
import { guardProblems } from './guards/index.ts';
import { grantsOf } from './permissions/function-grants.ts';
import { CoordinationStack } from './stacks/coordination-stack.ts';
import { RegionStack } from './stacks/region-stack.ts';
import { RoutingStack } from './stacks/routing-stack.ts';
import { VantageStack } from './stacks/vantage-stack.ts';

/**
 * Adds the stacks of an application to an app. Stacks of different Regions know one another by name only, so each can be
 * deployed while any other Region is dead; within a Region the records wait for the live weights that they read.
 *
 * @param bundles folder that holds a folder per bundled function
 */
export function buildApp(app: App, config: ResolvedConfig, bundles: string): void {
  Tags.of(app).add('switchyard:application', config.application);
  const routing = new RoutingStack(app, { config, bundles });
  refuseProblems(routing, config);
  Annotations.of(routing).addInfo(renderBudget(config));
  if (!traitsOf(config).orchestrated) return;
  const { coordination } = config;
  if (coordination !== undefined) {
    const agreement = new CoordinationStack(app, { config, coordination, bundles });
    routing.addStackDependency(agreement, 'reads the live weights');
  }
  for (const region of applicationRegions(config)) new RegionStack(app, { config, region, bundles });
  for (const region of config.vantages) new VantageStack(app, { config, region, bundles });
}

/** What a guard finds fails synthesis, on the one stack that every app has. */
function refuseProblems(routing: RoutingStack, config: ResolvedConfig): void {
  const site = { config, deployment: deploymentOf(routing), region: homeRegion(config).id };
  const functions = FUNCTIONS.map((name) => ({ name, grants: grantsOf(name, site) }));
  for (const problem of guardProblems({ config, tree: routing.tree, functions })) {
    Annotations.of(routing).addError(formatProblem(problem).replace(/^- /, ''));
  }
}
