import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { AddRegular, ArrowSyncRegular, MoreHorizontalRegular, ServerRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { patch, post } from '../../api/client';
import type { Server } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { ListView } from '../../components/grid/list_view';
import { Page } from '../../components/page';
import { StateMark } from '../../components/status';
import { useNotice } from '../../components/toasts';
import { plural, t } from '../../i18n';
import { capital, formatAgo } from '../../lib/format';
import { useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { AddServer, DeleteServer } from './server_dialogs';

export const productName = (product: string): string =>
  ({ kea: 'Kea DHCP', bind9: 'BIND 9', windows_dns: 'Windows DNS' })[product] ?? product;

const columns = (): Column<Server>[] => [
  { key: 'name', header: t('Server'), width: 220, grow: 2, sort: 'name', text: (row) => row.name },
  {
    key: 'availability',
    header: t('Access status'),
    width: 140,
    text: (row) => row.status.availability,
    cell: (row) => <StateMark state={row.status.availability} title={row.status.problem} />,
  },
  { key: 'product', header: t('Product'), width: 110, sort: 'product', text: (row) => productName(row.product) },
  { key: 'version', header: t('Version'), width: 90, text: (row) => row.status.version },
  {
    key: 'manageability',
    header: t('Manageability'),
    width: 130,
    sort: 'manageability',
    text: (row) => capital(row.manageability),
    cell: (row) => <StateMark state={row.manageability} />,
  },
  { key: 'problem', header: t('Problem'), width: 200, grow: 3, text: (row) => row.status.problem },
  {
    key: 'collected',
    header: t('Data of'),
    width: 130,
    text: (row) => formatAgo(row.status.configuration_collected_at ?? row.status.zones_collected_at),
  },
  { key: 'url', header: t('Address'), width: 200, grow: 1, hidden: true, sort: 'url', text: (row) => row.url },
  { key: 'ha', header: t('High availability'), width: 150, hidden: true, text: (row) => row.status.high_availability },
  { key: 'description', header: t('Description'), width: 180, grow: 2, hidden: true, text: (row) => row.description },
];

export function ServersPage() {
  const [search, setSearch] = useUrlState();
  const [deleting, setDeleting] = useState<Server>();
  const mayChange = useMay('servers');
  const mayRun = useMay('tasks');
  const notice = useNotice();
  const navigate = useNavigate();

  async function retrieve(servers: Server[]): Promise<void> {
    await Promise.all(servers.map((server) => post('/api/v1/servers/{id}:collect', { path: { id: server.id } })));
    notice(
      plural(servers.length, 'Reading {count} server', 'Reading {count} servers'),
      t('The event catalog shows how far it is.'),
    );
  }
  async function retrieveAll(): Promise<void> {
    for (const name of ['ServerAvailability', 'ServerConfiguration', 'DnsConfiguration', 'AddressUtilization'])
      await post('/api/v1/tasks/{name}:run', { path: { name } });
    notice(t('All data of all servers is being retrieved'), t('Monitor and manage, Tasks shows how far it is.'));
  }
  async function manage(servers: Server[], manageability: Server['manageability']): Promise<void> {
    await Promise.all(
      servers.map((server) => patch('/api/v1/servers/{id}', { path: { id: server.id }, body: { manageability } })),
    );
    notice(plural(servers.length, '{count} server changed', '{count} servers changed'));
  }

  return (
    <Page title={t('Server inventory')} fills>
      <ListView
        path="/api/v1/servers"
        name="servers"
        label={t('Servers')}
        columns={columns()}
        keyOf={(row) => row.id}
        words="name__contains"
        wordsHint={t('Name of the server')}
        filters={[
          {
            field: 'product',
            label: t('All products'),
            choices: [
              ['kea', 'Kea DHCP'],
              ['bind9', 'BIND 9'],
              ['windows_dns', 'Windows DNS'],
            ],
          },
          {
            field: 'manageability',
            label: t('Any manageability'),
            choices: [
              ['managed', t('Managed')],
              ['unmanaged', t('Unmanaged')],
              ['unspecified', t('Unspecified')],
            ],
          },
        ]}
        pageOf={(row) => `/servers/${row.id}`}
        actions={
          <>
            {mayRun && (
              <Button icon={<ArrowSyncRegular />} onClick={() => void retrieveAll()}>
                {t('Retrieve all data')}
              </Button>
            )}
            {mayChange && (
              <Button appearance="primary" icon={<AddRegular />} onClick={() => setSearch({ new: '1' })}>
                {t('Add server')}
              </Button>
            )}
          </>
        }
        {...(mayChange && {
          bulk: (rows: Server[], clear: () => void) => (
            <Menu>
              <MenuTrigger disableButtonEnhancement>
                <Button>{plural(rows.length, '{count} server', '{count} servers')}</Button>
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <MenuItem onClick={() => void retrieve(rows).then(clear)}>{t('Retrieve data')}</MenuItem>
                  <MenuItem onClick={() => void manage(rows, 'managed').then(clear)}>{t('Set managed')}</MenuItem>
                  <MenuItem onClick={() => void manage(rows, 'unmanaged').then(clear)}>{t('Set unmanaged')}</MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          ),
          rowActions: (row: Server) => (
            <Menu>
              <MenuTrigger disableButtonEnhancement>
                <Button
                  size="small"
                  appearance="subtle"
                  tabIndex={-1}
                  icon={<MoreHorizontalRegular />}
                  aria-label={t('Actions for {name}', { name: row.name })}
                />
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <MenuItem onClick={() => void retrieve([row])}>{t('Retrieve data')}</MenuItem>
                  <MenuItem onClick={() => void navigate({ to: `/servers/${row.id}` })}>{t('Open')}</MenuItem>
                  <MenuItem onClick={() => setDeleting(row)}>{t('Delete')}</MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          ),
        })}
        empty={{
          icon: <ServerRegular />,
          title: t('No servers yet'),
          text: t('Add the DHCP and DNS servers that you run: what they know becomes a part of the plan.'),
          actions: mayChange ? (
            <Button appearance="primary" icon={<AddRegular />} onClick={() => setSearch({ new: '1' })}>
              {t('Add server')}
            </Button>
          ) : undefined,
        }}
      />
      {search.new && mayChange && <AddServer close={() => setSearch({ new: undefined })} />}
      {deleting && <DeleteServer server={deleting} close={() => setDeleting(undefined)} />}
    </Page>
  );
}
