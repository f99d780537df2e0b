// Preloaded into a gateway of its own process (`--import`): its wall clock is off by WRONG_CLOCK_MS; the monotonic clock is not.
const { Date: RealDate } = globalThis;
const skewMs = Number(process.env.WRONG_CLOCK_MS);
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + skewMs);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + skewMs;
  }
};
