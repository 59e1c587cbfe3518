import { Annotations, type App, Tags } from 'aws-cdk-lib';
import { renderBudget } from '../core/budget/render.ts';
import { applicationRegions, traitsOf } from '../core/config/accessors.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { renderCost } from '../core/cost/render.ts';
import { formatProblem } from '../core/errors.ts';
import { guardProblems } from './guards/index.ts';
import { rolesIn } from './guards/roles-in.ts';
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
  if (traitsOf(config).orchestrated) addOperations(app, { config, bundles, routing });
  refuseProblems(app, { config, routing });
  Annotations.of(routing).addInfo(renderBudget(config));
  Annotations.of(routing).addInfo(renderCost(config));
}

/** The stacks of an application that is moved by operations, and not by DNS alone. */
function addOperations(
  app: App,
  { config, bundles, routing }: { config: ResolvedConfig; bundles: string; routing: RoutingStack },
): void {
  const { coordination } = config;
  if (coordination !== undefined) {
    const agreement = new CoordinationStack(app, { config, coordination, bundles });
    routing.addStackDependency(agreement, 'reads the live weights');
  }
  for (const region of applicationRegions(config)) new RegionStack(app, { config, region, bundles });
  for (const region of config.vantages) new VantageStack(app, { config, region, bundles });
}

/** What a guard finds fails synthesis, on the one stack that every app has. */
function refuseProblems(app: App, { config, routing }: { config: ResolvedConfig; routing: RoutingStack }): void {
  const problems = guardProblems({ config, tree: routing.tree, roles: rolesIn(app) });
  // One role is in every Region: its problem is told once.
  for (const text of new Set(problems.map(formatProblem))) Annotations.of(routing).addError(text.replace(/^- /, ''));
}
