// Every screen, by its name and path; `find` names the object whose id the path needs.
export const screens = [
  { name: 'overview', path: '/' },
  { name: 'server-inventory', path: '/servers' },
  { name: 'server', path: '/servers/{id}', find: ['servers', 'name', 'kea1.corp.contoso.example'] },
  { name: 'address-space', path: '/space' },
  { name: 'block-map', path: '/space/block/{id}', find: ['blocks', 'prefix', '10.0.0.0/8'] },
  { name: 'block-list', path: '/space/block/{id}?tab=list', find: ['blocks', 'prefix', '10.20.0.0/16'] },
  { name: 'subnet-map', path: '/space/subnet/{id}?ip=10.20.0.4', find: ['subnets', 'prefix', '10.20.0.0/24'] },
  { name: 'subnet-list', path: '/space/subnet/{id}?tab=list', find: ['subnets', 'prefix', '10.20.0.0/24'] },
  { name: 'subnet-addresses', path: '/space/subnet/{id}?tab=addresses', find: ['subnets', 'prefix', '10.20.0.0/24'] },
  { name: 'subnet-trend', path: '/space/subnet/{id}?tab=trend', find: ['subnets', 'prefix', '10.20.0.0/24'] },
  { name: 'subnet-dhcp', path: '/space/subnet/{id}?tab=dhcp&part=leases', find: ['subnets', 'prefix', '10.64.0.0/21'] },
  { name: 'subnet-changes', path: '/space/subnet/{id}?tab=changes', find: ['subnets', 'prefix', '10.20.0.0/24'] },
  { name: 'address', path: '/space/address/{id}', find: ['addresses', 'q', '10.20.1'] },
  { name: 'range', path: '/space/range/{id}', find: ['ranges', 'first', '10.40.0.10'] },
  { name: 'dhcp-scopes', path: '/monitor/scopes' },
  { name: 'dhcp-scope', path: '/monitor/scopes/{id}', find: ['dhcp_scopes', 'prefix', '10.64.0.0/21'] },
  { name: 'leases', path: '/monitor/leases' },
  { name: 'reservations', path: '/monitor/reservations' },
  { name: 'dhcp-servers', path: '/monitor/dhcp-servers' },
  { name: 'dns-zones', path: '/monitor/zones' },
  { name: 'dns-zone', path: '/monitor/zones/{id}', find: ['dns_zones', 'name', 'lab.example'] },
  { name: 'dns-records', path: '/monitor/records' },
  { name: 'tasks', path: '/monitor/tasks' },
  { name: 'configuration-events', path: '/events/configuration' },
  { name: 'changes-to-servers', path: '/events/changes' },
  { name: 'operations', path: '/events/operations' },
  { name: 'ip-address-tracking', path: '/events/tracking?subject=10.64.0.0/21' },
  { name: 'users', path: '/access/users' },
  { name: 'groups', path: '/access/roles' },
  { name: 'api-tokens', path: '/access/tokens' },
  { name: 'sessions', path: '/access/sessions' },
  { name: 'lockouts', path: '/access/lockouts' },
  { name: 'refused-requests', path: '/access/refusals' },
  { name: 'settings', path: '/settings/general' },
  { name: 'discovery', path: '/settings/discovery' },
  { name: 'credentials', path: '/settings/credentials' },
  { name: 'custom-fields', path: '/settings/custom-fields' },
  { name: 'backups', path: '/settings/backups' },
];

/** The path with the id of the object in it, asked for as the console would. */
export async function pathOf(page, screen) {
  if (!screen.find) return screen.path;
  const [collection, field, value] = screen.find;
  const id = await page.evaluate(
    async (url) => (await (await fetch(url)).json()).items?.[0]?.id,
    `/api/v1/${collection}?limit=1&${field}=${encodeURIComponent(value)}`,
  );
  if (!id) throw new Error(`there is no ${collection} with ${field} ${value}`);
  return screen.path.replace('{id}', id);
}
