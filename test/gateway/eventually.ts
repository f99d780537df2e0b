// Waiting for something that another part does in its own time: polls, so that no test sleeps longer than it must.

/** What `probe` gives as soon as that is not null, undefined or false. @throws Error that names `what` */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  what: string,
  withinMs = 15_000,
): Promise<Exclude<T, null | undefined | false>> {
  const endsAt = performance.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) {
      return value as Exclude<T, null | undefined | false>;
    }
    if (performance.now() > endsAt) throw new Error(`It did not come about within ${withinMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
