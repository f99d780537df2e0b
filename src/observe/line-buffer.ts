// Lines on their way to a stream: those of one turn of the event loop are written together, since each write is a system call and
// every request logs a line. An urgent line is written at once, after those before it. The end of the process writes what is left;
// only a process that is killed loses the lines of its last turn.

export interface LineBuffer {
  /** @param line with its line break @param isUrgent writes without delay */
  add(line: string, isUrgent: boolean): void;
}

export interface LineBufferDeps {
  /** Runs a callback at the end of this turn. Default `setImmediate`. */
  readonly atTurnEnd?: (callback: () => void) => unknown;
  /** Runs a callback when the process ends. Default: its `exit` event. */
  readonly atExit?: (callback: () => void) => unknown;
}

/** Characters after which the lines of a turn are written without delay. */
const MAX_CHARACTERS = 65_536;

/** @param write writes synchronously, as stderr does to files, pipes and terminals */
export function createLineBuffer(write: (lines: string) => void, deps: LineBufferDeps = {}): LineBuffer {
  const atTurnEnd = deps.atTurnEnd ?? setImmediate;
  const atExit = deps.atExit ?? ((callback) => process.on('exit', callback));
  let lines = '';
  let isDue = false;

  const flush = (): void => {
    if (lines === '') return;
    const text = lines;
    lines = '';
    write(text);
  };
  const endTurn = (): void => {
    isDue = false;
    flush();
  };
  atExit(flush);

  return {
    add: (line, isUrgent) => {
      lines += line;
      if (isUrgent || lines.length > MAX_CHARACTERS) flush();
      else if (!isDue) {
        isDue = true;
        atTurnEnd(endTurn);
      }
    },
  };
}
