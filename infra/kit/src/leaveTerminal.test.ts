import { describe, expect, it } from '@jest/globals';
import { terminalLeaver } from './leaveTerminal.js';

describe('terminalLeaver', () => {
  it('F-32 closes once the standard streams that were a terminal when the process began', () => {
    const closed: number[] = [];
    let isOpen = true;
    const leave = terminalLeaver(
      (fd) => isOpen && fd !== 1,
      (fd) => closed.push(fd),
    );
    isOpen = false;
    leave();
    leave();
    expect(closed).toEqual([0, 2]);
  });
});
