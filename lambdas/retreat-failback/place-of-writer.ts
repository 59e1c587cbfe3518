import { isPromoted } from '../../core/config/data-tier.ts';
import { promotionMayStillCome } from '../../core/operation/accepted-promotion.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { returnWriter } from '../../core/operation/transitions.ts';
import { requestedMove } from '../../core/operation/writer-move.ts';
import type { LookingContext } from '../../core/ports.ts';

type Context = LookingContext<'coordination' | 'clock'>;

/**
 * Where the data writer is during a failback: `here`, in the Region that serves; `there`, in the returning one, or on its
 * way back from there; `moving` away, which ends within `data.promotionDeadlineSeconds`; `between`, where nobody knows.
 */
export type WriterPlace = 'here' | 'there' | 'moving' | 'between';

/**
 * Finds the writer. A fence that was raised for a move that never began is taken back; a move that began is not.
 */
export async function placeOfWriter(context: Context, journal: Journal): Promise<WriterPlace> {
  const { config, ports } = context;
  const { source: current, target: original } = journal.record.request;
  const { writerRegion: granted } = await journal.readState();
  if (granted === current) return 'here';
  if (!isPromoted(config.data)) {
    // An epoch that the operation took later was raised against a writer that had moved.
    if (granted === original || journal.holder.epoch > journal.record.epoch) return 'there';
    return giveBack(journal, current);
  }
  const { writerRegion, movingTo } = await ports.dataTier.status();
  if (requestedMove(journal.record, current)?.detail['target'] === current) {
    return writerRegion === current && movingTo === null ? giveBack(journal, current) : 'there';
  }
  if (movingTo === current) return 'there';
  if (movingTo !== null) return 'moving';
  if (writerRegion === original) return 'there';
  if (writerRegion !== current || granted !== null) return 'between';
  if (promotionMayStillCome(config, journal.record, ports.clock.nowEpochMs()) !== undefined) return 'moving';
  return giveBack(journal, current);
}

/**
 * Lets the returning Region write on that was fenced for a way back that failed, if the data tier says that it is the
 * writer still. Gives whether it may.
 */
export async function keepWriterThere({ config, ports }: Context, journal: Journal): Promise<boolean> {
  const { source: current, target: original } = journal.record.request;
  const { writerRegion: granted } = await journal.readState();
  if (granted !== null) return granted === original;
  if (isPromoted(config.data)) {
    const { writerRegion, movingTo } = await ports.dataTier.status();
    if (writerRegion !== original || movingTo !== null) return false;
    const wayBack = { ...journal.record, to: current };
    if (promotionMayStillCome(config, wayBack, ports.clock.nowEpochMs()) !== undefined) return false;
  }
  await giveBack(journal, original);
  return true;
}

/**
 * Gives the right to write, where nobody has it, to the Region that the data tier has as its writer and that no accepted move
 * may still take it from. Where nothing is promoted, it is the Region that the last fence was raised against.
 */
export async function letWriterWrite({ config, ports }: Context, journal: Journal): Promise<void> {
  if ((await journal.readState()).writerRegion !== null) return;
  const { source: current, target: original } = journal.record.request;
  if (!isPromoted(config.data)) {
    await giveBack(journal, journal.holder.epoch > journal.record.epoch ? original : current);
    return;
  }
  const { writerRegion, movingTo } = await ports.dataTier.status();
  if (writerRegion === null || movingTo !== null) return;
  if (promotionMayStillCome(config, journal.record, ports.clock.nowEpochMs()) !== undefined) return;
  await giveBack(journal, writerRegion);
}

async function giveBack(journal: Journal, region: string): Promise<'here'> {
  await journal.change(returnWriter(journal.holder, region));
  const did = `${region} may write again, under epoch ${journal.holder.epoch}`;
  await journal.add('compensated', { what: 'fence', did });
  return 'here';
}
