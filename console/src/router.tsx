import { Button } from '@fluentui/react-components';
import {
  Navigate,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  useRouter,
} from '@tanstack/react-router';
import { Page } from './components/page';
import { EmptyState, ErrorState } from './components/states';
import { t } from './i18n';
import { parseSearch, stringifySearch, type UrlState } from './lib/url_state';
import { Shell } from './shell/shell';

const root = createRootRoute({
  component: Shell,
  validateSearch: (search): UrlState => search as UrlState,
  notFoundComponent: () => (
    <Page title={t('No such page')}>
      <EmptyState title={t('There is nothing at this address')}>{t('Ctrl+K finds pages by their name.')}</EmptyState>
    </Page>
  ),
});

type Loader = () => Promise<Record<string, unknown>>;
const page = (path: string, load: Loader, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name as never) });
const redirect = (path: string, to: string) =>
  createRoute({ getParentRoute: () => root, path, component: () => <Navigate to={to} replace /> });

const monitor: Loader = () => import('./features/monitor/monitor_pages');
const events: Loader = () => import('./features/events/event_pages');
const access: Loader = () => import('./features/access/access_pages');
const settings: Loader = () => import('./features/settings/settings_pages');

const space = createRoute({
  getParentRoute: () => root,
  path: '/space',
  component: lazyRouteComponent(() => import('./features/space/space_layout'), 'SpaceLayout'),
});
const inSpace = (path: string, load: Loader, name: string) =>
  createRoute({ getParentRoute: () => space, path, component: lazyRouteComponent(load as never, name as never) });

const routes = [
  page('/', () => import('./features/overview/overview_page'), 'OverviewPage'),
  page('/servers', () => import('./features/servers/servers_page'), 'ServersPage'),
  page('/servers/$id', () => import('./features/servers/server_page'), 'ServerPage'),
  space.addChildren([
    createRoute({
      getParentRoute: () => space,
      path: '/',
      component: lazyRouteComponent(() => import('./features/space/space_root'), 'SpaceRoot'),
    }),
    inSpace('block/$id', () => import('./features/space/prefix_page'), 'BlockPage'),
    inSpace('subnet/$id', () => import('./features/space/prefix_page'), 'SubnetPage'),
    inSpace('range/$id', () => import('./features/space/range_page'), 'RangePage'),
    inSpace('address/$id', () => import('./features/space/address_page'), 'AddressPage'),
  ] as never),
  redirect('/monitor', '/monitor/scopes'),
  page('/monitor/scopes', monitor, 'ScopesPage'),
  page('/monitor/scopes/$id', monitor, 'ScopePage'),
  page('/monitor/leases', monitor, 'LeasesPage'),
  page('/monitor/reservations', monitor, 'ReservationsPage'),
  page('/monitor/dhcp-servers', monitor, 'DhcpServersPage'),
  page('/monitor/zones', monitor, 'ZonesPage'),
  page('/monitor/zones/$id', monitor, 'ZonePage'),
  page('/monitor/records', monitor, 'RecordsPage'),
  page('/monitor/tasks', () => import('./features/monitor/tasks_page'), 'TasksPage'),
  redirect('/events', '/events/configuration'),
  page('/events/configuration', events, 'ConfigurationEventsPage'),
  page('/events/changes', events, 'ServerChangesPage'),
  page('/events/operations', events, 'OperationsPage'),
  page('/events/tracking', () => import('./features/tracking/tracking_page'), 'TrackingPage'),
  redirect('/access', '/access/users'),
  page('/access/users', access, 'UsersPage'),
  page('/access/roles', access, 'RolesPage'),
  page('/access/tokens', access, 'TokensPage'),
  page('/access/sessions', access, 'SessionsPage'),
  page('/access/lockouts', access, 'LockoutsPage'),
  page('/access/refusals', () => import('./features/access/refusals_page'), 'RefusalsPage'),
  redirect('/settings', '/settings/general'),
  page('/settings/general', settings, 'GeneralPage'),
  page('/settings/discovery', () => import('./features/settings/discovery_page'), 'DiscoveryPage'),
  page('/settings/credentials', settings, 'CredentialsPage'),
  page('/settings/custom-fields', settings, 'CustomFieldsPage'),
  page('/settings/backups', settings, 'BackupsPage'),
];

function Broken({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Page title={t('This page is broken')}>
      <ErrorState
        error={error instanceof Error ? error : new Error(String(error))}
        retry={() => void router.invalidate()}
      />
      <Button onClick={() => window.location.reload()}>{t('Load the console again')}</Button>
    </Page>
  );
}

export const router = createRouter({
  routeTree: root.addChildren(routes as never) as unknown as typeof root,
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
