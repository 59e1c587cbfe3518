import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../twin/world/network.ts';

const [CUT, OTHER, THIRD] = ['ap-southeast-1', 'ap-northeast-1', 'ap-northeast-2'];

describe('a Region that is cut off', () => {
  const network = () => {
    const made = createNetwork(
      () => 7_000,
      () => 0.5,
    );
    made.setCutOff(CUT, true);
    return made;
  };

  it('reaches nobody and is reached by nobody, but for itself', () => {
    const { connects } = network();
    expect([connects(CUT, OTHER), connects(OTHER, CUT), connects(CUT, CUT), connects(OTHER, THIRD)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('still answers at its front door', () => {
    expect(network().reachesFrontDoor(OTHER, CUT)).toBe(true);
  });

  it('is isolated since then, until it is joined again', () => {
    const made = network();
    expect([made.isolatedSince(CUT), made.isolatedSince(OTHER)]).toEqual([7_000, undefined]);
    made.setCutOff(CUT, false);
    expect([made.isolatedSince(CUT), made.connects(CUT, OTHER)]).toEqual([undefined, true]);
  });
});

describe('front doors', () => {
  it('are out of reach over a cut link, and in the dark', () => {
    const made = createNetwork(Date.now, () => 0.5);
    made.setCut(CUT, OTHER, true);
    expect([made.reachesFrontDoor(OTHER, CUT), made.reachesFrontDoor(THIRD, CUT)]).toEqual([false, true]);
    made.setDark(CUT, true);
    expect(made.reachesFrontDoor(THIRD, CUT)).toBe(false);
  });
});

describe('probes', () => {
  it.each([
    { share: 0, drawn: 0, lost: false },
    { share: 0.05, drawn: 0.049, lost: true },
    { share: 0.05, drawn: 0.05, lost: false },
    { share: 1, drawn: 0.999, lost: true },
  ])('get lost by their share: $share, drawn $drawn', ({ share, drawn, lost }) => {
    const made = createNetwork(Date.now, () => drawn);
    made.setProbeLoss(share);
    expect(made.losesProbe()).toBe(lost);
  });

  it('draw nothing while none gets lost, so that a seed gives the run that it gave', () => {
    const made = createNetwork(Date.now, () => {
      throw new Error('drawn');
    });
    expect(made.losesProbe()).toBe(false);
  });
});
