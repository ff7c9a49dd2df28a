import { useCallback, useSyncExternalStore } from 'react';

/** What this browser remembers of its user: how things look, never what they are. */
const listeners = new Set<() => void>();

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(`cadastre.${name}`) ?? undefined;
  } catch {
    return undefined; // storage is forbidden: then nothing is remembered
  }
}

export function usePreference<T extends string>(name: string, otherwise: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (read(name) as T | undefined) ?? otherwise,
  );
  const set = useCallback(
    (next: T) => {
      try {
        localStorage.setItem(`cadastre.${name}`, next);
      } catch {
        // as above
      }
      listeners.forEach((listener) => listener());
    },
    [name],
  );
  return [value, set];
}
