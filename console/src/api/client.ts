import type { Answer, BodyOf, ItemOf, ListPath, Method, PathWith, Problem, Schemas } from './types';

type DryRunAnswer = Schemas['DryRunAnswer'];

/** A value of the query string; undefined, null and '' are left out. */
export type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type Query = Record<string, QueryValue>;

export interface RequestOptions {
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
  /** The revision that the change is based on: 412 when somebody else was faster. */
  ifMatch?: string | undefined;
  /** Goes into the journal. */
  reason?: string | undefined;
  /** Only finds out what would happen. */
  dryRun?: boolean;
  signal?: AbortSignal | undefined;
}

/** What the server refused, as RFC 9457 says it; status 0: the server was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: { pointer: string; detail: string }[] = [],
    readonly requestId = '',
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** What is wrong with one field of the body, if that is what was refused. */
  field(name: string): string | undefined {
    return this.fields.find((each) => each.pointer === `/${name}` || each.pointer.startsWith(`/${name}/`))?.detail;
  }
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Called when an answer says that the session is over. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function urlOf(path: string, options: Pick<RequestOptions, 'path' | 'query'> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(options.path?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'object') for (const each of value) query.append(name, each);
    else query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}

async function problemOf(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as Problem;
    return new ApiError(response.status, problem.code, problem.detail, problem.errors ?? [], problem.request_id);
  } catch {
    return new ApiError(response.status, 'internal', `The server answered ${response.status} ${response.statusText}`);
  }
}

export interface Reply<T> {
  data: T;
  /** For ifMatch of a change. */
  etag: string | undefined;
}

async function send<T>(method: Method, path: string, options: RequestOptions): Promise<Reply<T>> {
  const headers: Record<string, string> = { 'X-Ipam-Console': '1' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (options.reason) headers['X-Change-Reason'] = options.reason;
  const query = options.dryRun ? { ...options.query, dry_run: true } : options.query;
  const url = urlOf(path, { ...(options.path && { path: options.path }), ...(query && { query }) });
  let response: Response;
  try {
    response = await fetch(url, {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin',
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'unavailable', 'The server cannot be reached');
  }
  if (!response.ok) {
    const error = await problemOf(response);
    if (response.status === 401 && path !== '/api/v1/sessions') signedOutListeners.forEach((listener) => listener());
    throw error;
  }
  const text = await response.text();
  return { data: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get('ETag') ?? undefined };
}

export async function get<P extends PathWith<'get'>>(path: P, options: RequestOptions = {}): Promise<Answer<P, 'get'>> {
  return (await send<Answer<P, 'get'>>('get', path, options)).data;
}

/** One object with its revision. */
export function getWithTag<P extends PathWith<'get'>>(
  path: P,
  options: RequestOptions = {},
): Promise<Reply<Answer<P, 'get'>>> {
  return send<Answer<P, 'get'>>('get', path, options);
}

type BodyOption<B> = Omit<RequestOptions, 'body'> & ([B] extends [undefined] ? { body?: undefined } : { body: B });

export async function post<P extends PathWith<'post'>>(
  path: P,
  options: BodyOption<BodyOf<P, 'post'>>,
): Promise<Answer<P, 'post'>> {
  return (await send<Answer<P, 'post'>>('post', path, options)).data;
}

/** What the request would change; nothing is changed. */
export async function dryRun<P extends PathWith<'post'>>(
  path: P,
  options: BodyOption<BodyOf<P, 'post'>>,
): Promise<DryRunAnswer> {
  return (await send<DryRunAnswer>('post', path, { ...options, dryRun: true })).data;
}

export async function patch<P extends PathWith<'patch'>>(
  path: P,
  options: BodyOption<BodyOf<P, 'patch'>>,
): Promise<Answer<P, 'patch'>> {
  return (await send<Answer<P, 'patch'>>('patch', path, options)).data;
}

export async function put<P extends PathWith<'put'>>(path: P, options: BodyOption<BodyOf<P, 'put'>>): Promise<void> {
  await send('put', path, options);
}

export async function remove<P extends PathWith<'delete'>>(path: P, options: RequestOptions = {}): Promise<void> {
  await send('delete', path, options);
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total: number | string | null;
}

export async function listPage<P extends ListPath>(path: P, options: RequestOptions = {}): Promise<Page<ItemOf<P>>> {
  return (await send<Page<ItemOf<P>>>('get', path, options)).data;
}

/** Every page of a list, up to `most` items; `whole` tells whether that was all. */
export async function listAll<P extends ListPath>(
  path: P,
  query: Query,
  most = 20_000,
  signal?: AbortSignal,
  parameters?: Record<string, string>,
): Promise<{ items: ItemOf<P>[]; whole: boolean }> {
  const items: ItemOf<P>[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ItemOf<P>> = await listPage(path, {
      query: { limit: 1000, ...query, cursor },
      signal,
      ...(parameters && { path: parameters }),
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < most);
  return { items, whole: cursor === null };
}
