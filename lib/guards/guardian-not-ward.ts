import { guardiansOf } from '../../core/config/accessors.ts';
import type { Guard } from './guard.ts';

/** No Region keeps its own evacuation switch: dead, it could not be left. The config says so too; this is the last look. */
export const guardianNotWard: Guard = ({ config }) =>
  config.regions
    .filter(({ id }) => guardiansOf(config, id).includes(id))
    .map(({ id }) => ({
      path: `evacuation.guardians.${id}`,
      message: 'names the Region itself as the guardian of its switch',
      value: id,
      allowed: [...config.regions.map((region) => region.id), ...config.vantages]
        .filter((other) => other !== id)
        .join(', '),
      remedy: 'name two other Regions',
    }));
