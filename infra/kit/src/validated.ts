import type { Reader } from './env.js';
import { InvalidSetting } from './invalidSetting.js';

/**
 * A reader whose value must also pass a check.
 * @param fault completes a sentence that starts with the name of the variable, and never has the value.
 */
export const validated = <T>(inner: Reader<T>, isValid: (value: T) => boolean, fault: string): Reader<T> => ({
  read: (name, env) => {
    const value = inner.read(name, env);
    if (!isValid(value)) throw new InvalidSetting(fault);
    return value;
  },
});
