import type { DataQuestion } from '../../core/operation/data-answers.ts';
import type { GlobalDatabase } from '../world/global-database.ts';

/** A function of the user's in front of a data tier, as docs/data-tiers.md asks for one. */
export function answerDataQuestion(database: GlobalDatabase, question: DataQuestion): unknown {
  switch (question.action) {
    case 'status': {
      const move = database.move();
      return { writerRegion: move === undefined ? database.writer() : null, movingTo: move?.to ?? null };
    }
    case 'lag': {
      const measured = database.measuredLag(question.target);
      if (measured === undefined) return { seconds: null };
      return { seconds: measured.milliseconds / 1000, measuredAtEpochMs: measured.atMs };
    }
    case 'obstacles':
      return { obstacles: database.members.includes(question.target) ? [] : [`no copy in ${question.target}`] };
    case 'promote': {
      const { target: to, mode } = question;
      const reason = database.beginMove({ to, mode });
      return reason === undefined ? { accepted: true } : { accepted: false, reason };
    }
  }
}
