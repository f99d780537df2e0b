// Patterns for whole texts that are matched in linear time. The syntax is that of JavaScript's regular expressions with flag `u`,
// without what needs backtracking: look-around, backreferences, word boundaries, anchors within the pattern. A pattern becomes a
// nondeterministic automaton whose states advance together, one character at a time, so no text takes more than its length times
// the number of states.

export interface LinearPattern {
  /** Tests a whole text. */
  readonly matches: (text: string) => boolean;
}

/** Thrown for a pattern that is wrong, or that could not be matched in linear time. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Characters of a pattern at most. */
const MAX_LENGTH = 500;
/** States of a pattern at most: each character of a text costs up to that many steps. */
const MAX_STATES = 1000;

type Test = (character: string) => boolean;

type Node =
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'row'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

/** @throws PatternError */
export function compileLinearPattern(source: string): LinearPattern {
  if (source.length > MAX_LENGTH) throw new PatternError(`a pattern has at most ${MAX_LENGTH} characters`);
  try {
    new RegExp(source, 'u');
  } catch {
    throw new PatternError('not a regular expression of JavaScript with flag u');
  }
  const inner = withoutAnchors(source);
  const root = parse(inner);
  // Such an anchor belongs to one option only.
  if (root.kind === 'choice' && inner !== source) throw anchorWithin();
  return createMatcher(buildAutomaton(root));
}

/** The whole text is matched in any case, so anchors around the pattern change nothing. */
function withoutAnchors(source: string): string {
  const start = source.startsWith('^') ? 1 : 0;
  const isAnchored = source.endsWith('$') && !/(?:^|[^\\])(?:\\\\)*\\\$$/.test(source);
  return source.slice(start, isAnchored ? -1 : undefined);
}

// —— parse ——

function parse(source: string): Node {
  let at = 0;

  const choice = (): Node => {
    const options = [row()];
    while (source[at] === '|') {
      at++;
      options.push(row());
    }
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  };

  const row = (): Node => {
    const items: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(repeated(atom()));
    return { kind: 'row', items };
  };

  const repeated = (item: Node): Node => {
    const [min, max] = quantifier();
    // Lazy repetition matches the same texts.
    if ((min !== 1 || max !== 1) && source[at] === '?') at++;
    return min === 1 && max === 1 ? item : { kind: 'repeat', item, min, max };
  };

  const quantifier = (): [number, number] => {
    const bounds = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(source.slice(at, at + 24));
    if (bounds === null) return [1, 1];
    const [whole, sign, least = '', comma, most = ''] = bounds;
    at += whole.length;
    if (sign !== undefined) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    const min = Number(least);
    const max = comma === undefined ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    // Refused before it is unfolded.
    if (min > MAX_STATES || (Number.isFinite(max) && max > MAX_STATES)) throw tooLarge();
    return [min, max];
  };

  const atom = (): Node => {
    const first = String.fromCodePoint(source.codePointAt(at) as number);
    if (first === '(') return group();
    if (first === '[') return one(classEnd());
    if (first === '\\') return one(escapeEnd());
    if (first === '^' || first === '$') throw anchorWithin();
    const start = at;
    at += first.length;
    return first === '.' ? one(at, start) : { kind: 'one', test: (character) => character === first };
  };

  const group = (): Node => {
    at++;
    if (source[at] === '?') {
      if (source[at + 1] !== ':') throw new PatternError('only the groups (…) and (?:…) are possible');
      at += 2;
    }
    const inner = choice();
    at++;
    return inner;
  };

  const classEnd = (): number => {
    let end = at + 1;
    while (source[end] !== ']') end += source[end] === '\\' ? 2 : 1;
    return end + 1;
  };

  const escapeEnd = (): number => {
    if (/^\\(?:[1-9bBk])/.test(source.slice(at, at + 2))) {
      throw new PatternError('backreferences and word boundaries are not possible');
    }
    const long =
      /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z])/;
    return at + (long.exec(source.slice(at))?.[0].length ?? 2);
  };

  /** A test for one character, by the platform: it cannot backtrack. */
  const one = (end: number, start = at): Node => {
    const expression = new RegExp(`^${source.slice(start, end)}$`, 'u');
    at = end;
    const ascii = Array.from({ length: 128 }, (_, code) => expression.test(String.fromCharCode(code)));
    return {
      kind: 'one',
      test: (character) => ascii[character.charCodeAt(0)] ?? expression.test(character),
    };
  };

  return choice();
}

const anchorWithin = (): PatternError =>
  new PatternError('an anchor stands within the pattern; the whole text is matched in any case');

// —— automaton ——

type State =
  | { readonly kind: 'one'; readonly test: Test; readonly next: number }
  | { kind: 'fork'; first: number; readonly second: number };

interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
  readonly end: number;
}

const tooLarge = (): PatternError =>
  new PatternError(`unfolded, the pattern has more than ${MAX_STATES} states; shorten its repetitions`);

/** Built from the end: each part receives the state that follows it, and returns its first. */
function buildAutomaton(root: Node): Automaton {
  const states: State[] = [{ kind: 'one', test: () => false, next: 0 }];
  const end = 0;
  const add = (state: State): number => {
    if (states.length >= MAX_STATES) throw tooLarge();
    return states.push(state) - 1;
  };
  // Repetitions of nothing make no states.
  let built = 0;
  const build = (node: Node, next: number): number => {
    if (++built > 20 * MAX_STATES) throw tooLarge();
    switch (node.kind) {
      case 'one':
        return add({ kind: 'one', test: node.test, next });
      case 'row':
        return node.items.reduceRight((after, item) => build(item, after), next);
      case 'choice':
        return node.options
          .map((option) => build(option, next))
          .reduceRight((second, first) => add({ kind: 'fork', first, second }));
      case 'repeat': {
        let start = next;
        if (node.max === Number.POSITIVE_INFINITY) {
          const fork = { kind: 'fork' as const, first: next, second: next };
          start = add(fork);
          fork.first = build(node.item, start);
        } else {
          for (let i = node.min; i < node.max; i++) {
            start = add({ kind: 'fork', first: build(node.item, start), second: next });
          }
        }
        for (let i = 0; i < node.min; i++) start = build(node.item, start);
        return start;
      }
    }
  };
  const start = build(root, end);
  return { states, start, end };
}

function createMatcher({ states, start, end }: Automaton): LinearPattern {
  return {
    matches: (text) => {
      // The step at which a state was last reached: each state is reached once per step.
      const reachedAt = new Int32Array(states.length).fill(-1);
      let current: number[] = [];
      let step = 0;
      const reach = (first: number, into: number[]): void => {
        const pending = [first];
        for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
          if (reachedAt[id] === step) continue;
          reachedAt[id] = step;
          const state = states[id] as State;
          if (state.kind === 'one') into.push(id);
          else pending.push(state.second, state.first);
        }
      };
      reach(start, current);
      for (const character of text) {
        step++;
        const following: number[] = [];
        for (const id of current) {
          const state = states[id] as Extract<State, { kind: 'one' }>;
          if (state.test(character)) reach(state.next, following);
        }
        current = following;
        if (current.length === 0) return false;
      }
      return reachedAt[end] === step;
    },
  };
}
