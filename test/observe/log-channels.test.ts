import { expect, it, onTestFinished } from 'vitest';
import { createChannels } from '../../src/observe/channels.ts';
import { createLog } from '../../src/observe/log.ts';
import { logChannels } from '../../src/observe/log-channels.ts';

it('a renewal of a certificate · rejected, then accepted · then a warning and an information', () => {
  const lines: string[] = [];
  const channels = createChannels();
  onTestFinished(logChannels(createLog({ level: 'info', write: (line) => lines.push(line) }), channels));
  channels.certificate.publish({ connector: 'population', change: 'REJECTED' });
  channels.certificate.publish({ connector: 'population', change: 'ACCEPTED' });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'warn', connector: 'population', msg: expect.stringContaining('the last one stays in use') },
    { level: 'info', connector: 'population', msg: 'the renewed certificate is in use' },
  ]);
});
