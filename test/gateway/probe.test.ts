import { it } from 'vitest';
import { aConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway } from './a-gateway.ts';
it('probe', async () => {
  const folder = await aConnectorsFolder({ attemptTimeoutMs: 400, openMs: 500 });
  let t = performance.now();
  const g = await aGateway({ connectorsDir: folder.path });
  console.log('start', performance.now() - t);
  t = performance.now();
  const a = await g.page();
  console.log(a.tookMs, a.status, a.text.slice(0, 3500), JSON.stringify(a.extensions), a.errors);
  for (let i = 0; i < 6; i++) console.log((await g.page()).tookMs);
  await g.close();
  await folder.remove();
});
