import { describe, expect, it } from 'vitest';
import { ALARM_STATES, type AlarmState } from '../../../twin/cloudwatch/alarm-state.ts';
import { evaluationRange, judgeRange, type MissingDataTreatment } from '../../../twin/cloudwatch/missing-data.ts';
import { rangeFromPage } from '../../_helpers/cloudwatch.ts';

/** A state, or that of before. */
type Cell = AlarmState | 'retain';
/** Data points · points that must be filled · MISSING · IGNORE · BREACHING · NOT BREACHING. */
type Row = readonly [range: string, filled: number, missing: Cell, ignore: Cell, breaching: Cell, notBreaching: Cell];

const ROWS_3_OF_3: readonly Row[] = [
  ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
];

const ROWS_2_OF_3: readonly Row[] = [
  ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
];

const COLUMNS: readonly (readonly [treatment: MissingDataTreatment, column: 2 | 3 | 4 | 5])[] = [
  ['missing', 2],
  ['ignore', 3],
  ['breaching', 4],
  ['notBreaching', 5],
];

describe.each([
  ['table 1', 3, ROWS_3_OF_3],
  ['table 2', 2, ROWS_2_OF_3],
] as const)('missing-data page, %s (%i of 3)', (table, datapointsToAlarm, rows) => {
  for (const row of rows) {
    for (const [treatment, column] of COLUMNS) {
      it(`missing-data page, ${table} row "${row[0]}": ${treatment} gives ${row[column]}`, () => {
        const policy = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData: treatment };
        const range = rangeFromPage(row[0]);
        expect(range).toHaveLength(evaluationRange(3));
        for (const previous of ALARM_STATES) {
          const verdict = judgeRange(range, policy, previous);
          expect(verdict.state).toBe(row[column] === 'retain' ? previous : row[column]);
          expect(verdict.filled).toBe(row[1]);
        }
      });
    }
  }
});
