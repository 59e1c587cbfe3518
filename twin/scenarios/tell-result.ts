import { judgeExpectations } from './expectations.ts';
import { judgeInvariants } from './invariants.ts';
import { type RehearsalResult, SCHEMA_VERSION } from './result-document.ts';
import { type OperationStory, type Story, secondsInto } from './story.ts';
import { tellAnswers } from './tell-answers.ts';
import { tellFailback } from './tell-failback.ts';
import { tellFailover } from './tell-failover.ts';
import { tellOperation } from './tell-operation.ts';
import { tellWorld } from './tell-world.ts';

/** Tells a finished rehearsal and judges it. */
export function tellResult(story: Story): RehearsalResult {
  const { scenario, seed, world, recorder, impossible, wallSeconds } = story;
  const records = recorder.operations();
  const told = {
    failover: tellFailover(story),
    failback: tellFailback(story),
    operations: records.map((record) => tellOperation(record, story)),
    answers: tellAnswers(story),
    decisions: tellDecisions(story),
    notifications: tellNotifications(story),
    world: tellWorld(story),
  };
  const expectations = [
    ...impossible.map(({ action, reason }) => ({
      text: `the operator can ${action.action} at ${action.atSeconds} s`,
      held: false,
      found: reason,
    })),
    ...judgeExpectations(scenario.expectations, told),
    ...judgeInvariants({ config: world.config, recorder, records }),
  ];
  return {
    schemaVersion: SCHEMA_VERSION,
    scenario: scenario.name,
    seed,
    passed: expectations.every(({ held }) => held),
    virtualSeconds: secondsInto(story, world.clock.nowEpochMs()),
    wallSeconds,
    ...told,
    expectations,
  };
}

/** Tells the verdicts that differed from the one before. */
export function tellDecisions(story: OperationStory): RehearsalResult['decisions'] {
  return story.recorder.decisions.map(({ decidedAtEpochMs, subject, outcome, ruleId, closedGate, reason }) => ({
    atSeconds: secondsInto(story, decidedAtEpochMs),
    subject,
    outcome,
    ruleId,
    closedGate,
    reason,
  }));
}

function tellNotifications(story: Story): RehearsalResult['notifications'] {
  return story.recorder.notifications.map(({ atMs, region, channel, subject, body }) => ({
    atSeconds: secondsInto(story, atMs),
    region,
    channel,
    subject,
    text: String((JSON.parse(body) as { text?: unknown }).text ?? ''),
  }));
}
