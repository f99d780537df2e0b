// Public interface of the mapping language: parse, check, print, compile, infer shapes.
// Text → `parseSelection` or `parseExpression` → tree → `compileMapping` → function of the decoded body and the variables.

export type * from './ast.ts';
export { MappingLimitError } from './budget.ts';
export { checkMethods } from './check-methods.ts';
export { type CompiledMapping, compileMapping, type MappingVariables } from './compile.ts';
export { METHODS } from './methods/table.ts';
export { type ParseOptions, parseExpression, parseSelection } from './parse.ts';
export { print } from './print.ts';
export { createProblems, type MappingProblem, type MappingProblems } from './problem.ts';
export { casesOf, type Shape, shapeOf } from './shape.ts';
export { type NeededKeys, subset } from './subset.ts';
export { isMappingSyntaxError, MappingSyntaxError } from './syntax-error.ts';
export { usesOf, type VariableUse } from './uses.ts';
