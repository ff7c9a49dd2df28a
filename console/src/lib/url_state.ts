import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What a page shows stands in its address: names to texts. */
export type UrlState = Record<string, string>;

export function parseSearch(text: string): UrlState {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') query.set(name, value);
  }
  // What is harmless in a query stays readable.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');
  return text ? `?${text}` : '';
}

export function useUrlState(): [
  UrlState,
  (changes: Record<string, string | undefined>, how?: 'push' | 'replace') => void,
] {
  const search: UrlState = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = useCallback(
    (changes: Record<string, string | undefined>, how: 'push' | 'replace' = 'replace') => {
      void navigate({
        to: '.',
        search: (before: UrlState) => ({ ...before, ...changes }),
        replace: how === 'replace',
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, set];
}

/** The id of the object whose page this is: /servers/131077. */
export function usePathId(): string {
  const parameters: { id?: string } = useParams({ strict: false });
  return parameters.id ?? '';
}
