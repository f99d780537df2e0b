import { describe, expect, it } from 'vitest';
import { createLineBuffer } from '../../src/observe/line-buffer.ts';

function aBuffer() {
  const written: string[] = [];
  const turnEnds: (() => void)[] = [];
  let exit = (): void => {};
  const lines = createLineBuffer((text) => written.push(text), {
    atTurnEnd: (callback) => turnEnds.push(callback),
    atExit: (callback) => {
      exit = callback;
    },
  });
  const endTurn = () => {
    for (const callback of turnEnds.splice(0)) callback();
  };
  return { lines, written, turnEnds, endTurn, exit: () => exit() };
}

describe('a line buffer', () => {
  it('several lines of a turn · the turn ends · then one write with all of them, in order', () => {
    const { lines, written, turnEnds, endTurn } = aBuffer();
    lines.add('a\n', false);
    lines.add('b\n', false);
    expect(written).toEqual([]);
    expect(turnEnds).toHaveLength(1);
    endTurn();
    expect(written).toEqual(['a\nb\n']);
    lines.add('c\n', false);
    endTurn();
    expect(written).toEqual(['a\nb\n', 'c\n']);
  });

  it('an urgent line · added · then written at once, behind the lines before it', () => {
    const { lines, written, endTurn } = aBuffer();
    lines.add('a\n', false);
    lines.add('b\n', true);
    expect(written).toEqual(['a\nb\n']);
    endTurn();
    expect(written).toEqual(['a\nb\n']);
  });

  it('lines of a turn · the process ends · then they are written', () => {
    const { lines, written, exit } = aBuffer();
    lines.add('a\n', false);
    exit();
    expect(written).toEqual(['a\n']);
  });

  it('a turn with many lines · then written before they take much memory', () => {
    const { lines, written } = aBuffer();
    for (let i = 0; i < 100; i++) lines.add(`${'x'.repeat(999)}\n`, false);
    expect(written).toHaveLength(1);
  });
});
