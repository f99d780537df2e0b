// The keys of `connector.yaml` that say what a connector is, who owns it and which values its mappings may read.
import { z } from 'zod';
import { about, localizedText, text } from '../manifest-keys.ts';

export const identityKeys = {
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id is lower-case letters, digits and "-"')
    .meta(
      about('Id of the connector: the name of its folder, in errors, metrics and logs.', 'business-registry'),
    ),
  title: localizedText.meta(
    about('Name of the system, shown to people.', { vi: 'Đăng ký doanh nghiệp', en: 'Business registry' }),
  ),
  description: z
    .union([
      text.meta(about('In one language.', 'Details of one enterprise by its code.')),
      localizedText.meta(
        about('In both languages.', { vi: 'Tra cứu doanh nghiệp theo mã số.', en: 'Enterprises by code.' }),
      ),
    ])
    .optional()
    .meta(
      about('What the system provides.', 'Details of one enterprise by its code.', {
        whenAbsent: 'none is shown',
      }),
    ),
  owner: z
    .strictObject({
      agency: text.meta(about('Agency that is responsible for the connector.', 'Sở Khoa học và Công nghệ')),
      contact: text.meta(about('E-mail address or telephone number.', 'lgsp@city.example')),
    })
    .meta(
      about('Who is responsible for the connector.', { agency: 'Sở Nội vụ', contact: 'lgsp@city.example' }),
    ),
  lifecycle: z
    .enum(['stable', 'provisional', 'deprecated'])
    .default('stable')
    .meta(
      about('Maturity. `provisional`: parts of the interface are not publicly documented.', 'provisional'),
    ),
  simulator: z
    .strictObject({
      portOffset: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .meta(about('Added to the base port of the simulators.', 2, { unit: 'ports' })),
    })
    .optional()
    .meta(
      about(
        'The simulator of this system, when `simulator.ts` exists.',
        { portOffset: 2 },
        {
          whenAbsent: 'the operating system chooses the port',
        },
      ),
    ),
  config: z
    .record(text, z.unknown())
    .default({})
    .meta(about('Values that mappings read as `$config.<key>`. No secrets.', { partnerCode: 'DT0001' })),
  env: z
    .array(text)
    .default([])
    .meta(about('Environment variables that mappings read as `$env.<NAME>`. No secrets.', ['CITY_CODE'])),
};
