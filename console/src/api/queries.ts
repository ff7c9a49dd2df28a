import { QueryClient, keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ApiError, get, getWithTag, listAll, listPage, type Query, type Reply } from './client';
import type { Answer, ItemOf, ListPath, PathWith } from './types';

/** A key begins with the path, so that what changed is found by it (events.ts). */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
});

interface Options {
  path?: Record<string, string>;
  query?: Query;
  enabled?: boolean;
  refetchInterval?: number | false;
}

export function useGet<P extends PathWith<'get'>>(
  path: P,
  options: Options = {},
): UseQueryResult<Answer<P, 'get'>, ApiError> {
  return useQuery<Answer<P, 'get'>, ApiError>({
    queryKey: [path, options.path ?? {}, options.query ?? {}],
    queryFn: ({ signal }) => get(path, { ...options, signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchInterval ?? false,
    placeholderData: keepPreviousData,
  });
}

/** One object with its revision, for a form that changes it. */
export function useObject<P extends PathWith<'get'>>(
  path: P,
  id: string,
  enabled = true,
): UseQueryResult<Reply<Answer<P, 'get'>>, ApiError> {
  return useQuery<Reply<Answer<P, 'get'>>, ApiError>({
    queryKey: [path, id],
    queryFn: ({ signal }) => getWithTag(path, { path: { id }, signal }),
    enabled: enabled && id !== '',
  });
}

export const PAGE_SIZE = 200;

/** The pages of a list as far as they were asked for; the first one counts all when the list can. */
export function usePages<P extends ListPath>(
  path: P,
  query: Query,
  counted: boolean,
  parameters?: Record<string, string>,
) {
  return useInfiniteQuery({
    queryKey: [path, 'pages', query, parameters ?? {}],
    queryFn: ({ pageParam, signal }) =>
      listPage(path, {
        query: {
          limit: PAGE_SIZE,
          ...query,
          cursor: pageParam,
          count: counted && pageParam === '' ? 'exact' : undefined,
        },
        signal,
        ...(parameters && { path: parameters }),
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** A whole list, up to `most` items. */
export function useAll<P extends ListPath>(path: P, query: Query, enabled = true, most = 20_000) {
  return useQuery<{ items: ItemOf<P>[]; whole: boolean }, ApiError>({
    queryKey: [path, 'all', query, most],
    queryFn: ({ signal }) => listAll(path, query, most, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** How many objects a list has. */
export function useTotal(path: ListPath, query: Query = {}, enabled = true): number | undefined {
  const answer = useQuery({
    queryKey: [path, 'total', query],
    queryFn: ({ signal }) => listPage(path, { query: { ...query, limit: 1, count: 'exact' }, signal }),
    enabled,
  });
  return answer.data ? Number(answer.data.total) : undefined;
}
