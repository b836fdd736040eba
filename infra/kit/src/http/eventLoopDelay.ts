const EVERY_MS = 100;

let delayMs = 0;
let due = 0;
let timer: NodeJS.Timeout | undefined;

const measure = (): void => {
  delayMs = Math.max(0, performance.now() - due);
  due = performance.now() + EVERY_MS;
};

/** How late the event loop's last timer was, in milliseconds; measuring begins with the first question and keeps nothing alive. */
export const eventLoopDelayMs = (): number => {
  if (timer === undefined) {
    due = performance.now() + EVERY_MS;
    timer = setInterval(measure, EVERY_MS).unref();
  }
  return delayMs;
};
