// The keys of `connector.yaml` for data protection: how sensitive the data is, and which classes are personal.
import { z } from 'zod';
import { about, text } from '../manifest-keys.ts';
import { MASKS, type Mask } from '../masks.ts';

const classification = z.enum(['public', 'internal', 'personal', 'sensitive']);

export type Classification = z.output<typeof classification>;

const PERSONAL_CLASSES: ReadonlySet<Classification> = new Set(['personal', 'sensitive']);

/** True for data about people: answers are shared with the same caller only, and are masked where they are shown. */
export const isPersonalClass = (of: Classification): boolean => PERSONAL_CLASSES.has(of);

export const dataKeys = {
  data: z
    .strictObject({
      classification: classification
        .default('internal')
        .meta(about('Class of every field that `fields` does not list.', 'personal')),
      purpose: z
        .enum(['required', 'optional'])
        .default('optional')
        .meta(about('Whether each request must state the purpose of processing.', 'required')),
      subject: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/)
        .optional()
        .meta(
          about(
            'Field whose value says whose data a record is, as `Type.field`: a personal identification number or an enterprise code. The audit trail records accesses under a keyed digest of it. Required where the classification is personal or sensitive.',
            'Citizen.personalId',
            { whenAbsent: 'the trail does not say whose the data is' },
          ),
        ),
      fields: z
        .record(
          z.string().min(1),
          z.union([
            classification.meta(about('Class of the field.', 'personal')),
            z
              .strictObject({
                classification: classification.meta(about('Class of the field.', 'personal')),
                mask: z
                  .enum(MASKS)
                  .optional()
                  .meta(
                    about(
                      'How the value is shown to callers who may see it masked only: `id` keeps the first four characters and the last two, `initials` the first letter of each word, `year` the year of a date, `phone` the last three digits, `email` the first letter and the domain.',
                      'initials',
                      { whenAbsent: 'the field is refused to them' },
                    ),
                  ),
                purposes: z
                  .array(text)
                  .min(1)
                  .optional()
                  .meta(
                    about(
                      'Codes of the procedures for which the field may be fetched; `1.00*` stands for every code that begins so.',
                      ['1.001193', '2.00*'],
                      { whenAbsent: 'every procedure' },
                    ),
                  ),
                basis: z
                  .enum(['duty', 'consent'])
                  .default('duty')
                  .meta(
                    about(
                      'Why the law allows the field to be fetched: `duty` of a state agency, or `consent` of the person (Law 91/2025/QH15). With `consent` the field is fetched only while the person that `data.subject` names has agreed; it must be a field of the same type.',
                      'consent',
                    ),
                  ),
              })
              .meta(about('Class of the field, as an object.', { classification: 'personal' })),
          ]),
        )
        .default({})
        .meta(
          about('Class per field, as `Type.field`; the class of a field covers everything below it.', {
            'Citizen.fullName': 'personal',
          }),
        ),
    })
    .prefault({})
    .meta(
      about('How sensitive the data is.', {
        classification: 'personal',
        purpose: 'required',
        subject: 'Citizen.personalId',
        fields: { 'Citizen.fullName': 'personal' },
      }),
    ),
};

type Data = z.output<typeof dataKeys.data>;

/** The rule of one field, in its long form. */
export interface FieldRule {
  readonly classification: Classification;
  readonly mask?: Mask | undefined;
  /** Procedure codes, or prefixes that end with `*`; undefined: every procedure. */
  readonly purposes?: readonly string[] | undefined;
  /** Default: `duty`. */
  readonly basis?: 'duty' | 'consent' | undefined;
}

export const ruleOf = (rule: Data['fields'][string]): FieldRule =>
  typeof rule === 'string' ? { classification: rule } : rule;

/** Coordinates of the fields that need the consent of the person. */
export const consentFieldsOf = (fields: Data['fields']): readonly string[] =>
  Object.keys(fields).filter((coordinate) => ruleOf(fields[coordinate] ?? 'personal').basis === 'consent');

/** The part that the checks of a schema need. */
export const dataFacts = ({ classification: of, purpose, fields, subject }: Data) => ({
  classification: of,
  subject,
  isPersonal: isPersonalClass(of),
  requiresPurpose: purpose === 'required',
  fields,
  consentFields: consentFieldsOf(fields),
});
