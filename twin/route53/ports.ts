import type { HealthCheckConfig } from '../../core/routing/health-check.ts';
import type { CheckerRegion } from '../../core/routing/route53-limits.ts';
import type { ProbeObservation } from './health/probe-verdict.ts';

/** A place that answers DNS queries; its name is the caller's, e.g. `eu-west-1`. */
export type DnsLocation = string;

/** Time, chance and later: the twin has none of its own, so a run is a function of its seed. */
export interface ClockPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Runs the function once the clock reaches the time; never before this call returns. */
  at(timeMs: number, run: (nowMs: number) => void): void;
}

/** The world as Route 53's health checkers find it. */
export interface WorldPorts {
  /** What a checker of the Region sees when it tries the endpoint now. */
  probe(config: HealthCheckConfig, checkerRegion: CheckerRegion, nowMs: number): ProbeObservation;
  /** The state that an alarm's data stream gives; insufficient data where left out. */
  alarmDataState?(alarm: { readonly Region: string; readonly Name: string }, nowMs: number): AlarmDataState;
  /** The state of an Application Recovery Controller routing control; `On` where left out. */
  routingControlState?(arn: string, nowMs: number): 'On' | 'Off';
  /** Whether the reports of a Region's checkers reach a location; always where left out. */
  isReportReachable?(checkerRegion: CheckerRegion, location: DnsLocation, nowMs: number): boolean;
}

/** What the metric behind an alarm says, whatever state `SetAlarmState` has given the alarm itself. */
export type AlarmDataState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
