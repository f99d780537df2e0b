// The forms that the values of settings have, each parsed from text.

import { z } from 'zod';
import { type CostLimits, SETTABLE_LIMITS } from './limits.ts';

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
export const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
export const port = wholeNumber(0, 65_535);

export const unitsOrOff = z.union([z.literal('off').transform(() => null), wholeNumber(1000, 1_000_000_000)]);

export const portOrOff = z.union([z.literal('off').transform(() => null), port]);

/** `population=5001,postal=5002` → `{ population: 5001, postal: 5002 }` */
export const portList = z
  .string()
  .regex(/^$|^[a-z][a-z0-9-]*=\d{1,5}(,[a-z][a-z0-9-]*=\d{1,5})*$/)
  .transform((text) => Object.fromEntries(text.split(',').flatMap((pair) => (pair ? [pair.split('=')] : []))))
  .pipe(z.record(z.string(), port));

/** Exact origins: scheme, host and port, as browsers send them. */
export const originList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^https?:\/\/[^\s/,]+$/)
        .refine((text) => URL.canParse(text) && new URL(text).origin === text),
    ),
  );

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/)
  .refine((text) => URL.canParse(text));

/** Without user and password: credentials for a collector belong in its headers. */
export const httpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s@?#]+$/)
  .refine((text) => URL.canParse(text));

export const ratio = z
  .string()
  .regex(/^(0|1|0?\.\d{1,9}|[01]\.\d{1,9})$/)
  .transform(Number)
  .refine((value) => value <= 1);

/**
 * What `--help` and messages print about a setting: `expects` completes "Expected …"; `fallback` describes a default that
 * depends on another setting.
 */
export const described = (expects: string, about: string, fallback?: string) => ({
  expects,
  about,
  fallback,
});

/** A limit of `limits.ts`, with its default. */
export const limit = (name: keyof CostLimits, most: number, about: string) => {
  const { value, unit } = SETTABLE_LIMITS[name];
  return wholeNumber(1, most)
    .default(value)
    .meta(described(`a whole number of ${unit} from 1 to ${most}`, about));
};
