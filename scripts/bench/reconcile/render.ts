import { markdownTable } from '../../markdown-table.ts';
import type { ShapeFigures } from './measure.ts';

/** Everything that the bench has to say. */
export interface ReconcileDocument {
  readonly rows: number;
  readonly shapes: readonly ShapeFigures[];
}

const MB = 1_000_000;

/** The figures as a table, a shape a line. */
export function renderReconcile({ rows, shapes }: ReconcileDocument): string {
  const lines = shapes.map((figures) => [
    figures.shape,
    figures.seconds.toFixed(1),
    `${(figures.rowsPerSecond / MB).toFixed(2)} M`,
    figures.floorSeconds.toFixed(1),
    (figures.seconds / figures.floorSeconds).toFixed(2),
    (figures.bytesMoved / MB).toFixed(figures.bytesMoved < MB ? 2 : 0),
    String(figures.peakMemoryMb),
    `${figures.found} of ${figures.injected}`,
    String(figures.repaired),
    String(figures.unresolved),
    figures.clean ? 'clean' : 'not clean',
    figures.applySeconds.toFixed(1),
    figures.verifySeconds.toFixed(1),
  ]);
  return [
    `${rows} rows in each of two PostgreSQL servers`,
    '',
    markdownTable(
      [
        'shape',
        's',
        'rows/s',
        'floor s',
        '× floor',
        'MB moved',
        'peak MiB',
        'found',
        'repaired',
        'to a person',
        'verified',
        'repair s',
        'verify s',
      ],
      lines,
    ),
  ].join('\n');
}
