import { describe, expect, it } from 'vitest';
import { pathFault } from '../../../twin/scenarios/result-paths.ts';

describe('a path of an expectation', () => {
  it.each([
    'failover',
    'failover.rtoSeconds.p99',
    'operations.length',
    'operations[0].events[-1].detail.anything.at[3].all',
    'answers.atEnd[0].value',
    'world.apiCalls.route53:ChangeResourceRecordSets',
    'world.evacuated[0]',
  ])('leads into the document: %s', (path) => {
    expect(pathFault(path)).toBeUndefined();
  });

  it.each([
    { path: '', says: '"" is none of failover, failback' },
    { path: 'seed', says: '"seed" is none of' },
    { path: 'failover.', says: '"" is none of status' },
    { path: 'failover..status', says: '"" is none of status' },
    { path: 'failover[0]', says: '"[0]" is none of status' },
    { path: 'failover.status.length', says: 'nothing lies below "failover.status"' },
    { path: 'operations.status', says: '"status" is no entry of a list' },
    { path: 'operations[x].status', says: '"[x]" is no entry of a list' },
    { path: 'operations[0', says: '"[0" is no entry of a list' },
    { path: 'world.toString', says: '"toString" is none of' },
  ])('leads nowhere: $path', ({ path, says }) => {
    expect(pathFault(path)).toContain(says);
  });
});
