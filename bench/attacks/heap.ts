// What a process keeps in memory, asked over its inspector.

export interface Heap {
  /** Megabytes of objects and buffers after a collection of garbage. */
  keptMb(): Promise<number>;
  close(): void;
}

interface Usage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** @param url of the inspector, which a process started with `--inspect` prints */
export async function heapOf(url: string): Promise<Heap> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let last = 0;
  const ask = (method: string): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++last;
      const onMessage = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
        if (answer.id !== id) return;
        socket.removeEventListener('message', onMessage);
        resolve(answer.result);
      };
      socket.addEventListener('message', onMessage);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    keptMb: async () => {
      await ask('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = (await ask('Runtime.getHeapUsage')) as Usage;
      return Math.round((usedSize + backingStorageSize) / 2 ** 20);
    },
    close: () => socket.close(),
  };
}
