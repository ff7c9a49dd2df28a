import type { components, paths } from './schema';

/** The values of the API, by their names in api/openapi.yaml. */
export type Schemas = components['schemas'];
export type AddressSpace = Schemas['AddressSpace'];
export type Block = Schemas['Block'];
export type Subnet = Schemas['Subnet'];
export type Range = Schemas['Range'];
export type Address = Schemas['Address'];
export type Utilization = Schemas['Utilization'];
export type Server = Schemas['Server'];
export type DhcpScope = Schemas['DhcpScope'];
export type Lease = Schemas['Lease'];
export type Task = Schemas['Task'];
export type Change = Schemas['Change'];
export type Problem = Schemas['Problem'];
export type Me = Schemas['Me'];
export type Operation = Schemas['Operation'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths of the API that have this method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type JsonIn<R> = R extends { content: { 'application/json': infer Body } } ? Body : never;

/** What a request of this path and method answers. */
export type Answer<P extends keyof paths, M extends Method> =
  paths[P] extends Record<M, { responses: infer R }>
    ? R extends { 201: infer Made }
      ? JsonIn<Made> // 200 beside it is what a dry run answers
      : { [S in keyof R & (200 | 202)]: JsonIn<R[S]> }[keyof R & (200 | 202)]
    : never;

/** What the body of a request of this path and method is. */
export type BodyOf<P extends keyof paths, M extends Method> =
  paths[P] extends Record<M, { requestBody: { content: { 'application/json': infer Body } } }>
    ? Body
    : paths[P] extends Record<M, { requestBody: { content: { 'application/merge-patch+json': infer Body } } }>
      ? Body
      : undefined;

/** The paths that answer lists, and what their items are. */
export type ListPath = {
  [P in PathWith<'get'>]: Answer<P, 'get'> extends { items: unknown[] } ? P : never;
}[PathWith<'get'>];
export type ItemOf<P extends ListPath> = Answer<P, 'get'> extends { items: (infer Item)[] } ? Item : never;
