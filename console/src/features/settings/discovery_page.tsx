import { Button, Switch } from '@fluentui/react-components';
import { AddRegular, DeleteRegular, SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { patch, post, remove } from '../../api/client';
import type { Schemas } from '../../api/types';
import { Confirm } from '../../components/confirm';
import type { Column } from '../../components/grid/columns';
import { ListView } from '../../components/grid/list_view';
import { Page } from '../../components/page';
import { StateMark } from '../../components/status';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { formatAgo } from '../../lib/format';
import { useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { AcceptServer, AddTarget } from './settings_dialogs';

type Target = Schemas['DiscoveryTarget'];
const targetColumns = (remover: ((row: Target) => void) | undefined): Column<Target>[] => [
  { key: 'name', header: t('Where'), width: 190, grow: 1, sort: 'name', text: (row) => row.name },
  { key: 'kea', header: t('Kea ports'), width: 120, text: (row) => row.kea_ports },
  { key: 'dns', header: t('DNS ports'), width: 110, text: (row) => row.dns_ports },
  {
    key: 'enabled',
    header: t('Enabled'),
    width: 100,
    text: (row) => String(row.enabled),
    cell: (row) =>
      remover ? (
        <Switch
          aria-label={t('Look at {name}', { name: row.name })}
          checked={row.enabled}
          onChange={(_, data) =>
            void patch('/api/v1/discovery_targets/{id}', { path: { id: row.id }, body: { enabled: data.checked } })
          }
        />
      ) : (
        String(row.enabled)
      ),
  },
];
type Found = Schemas['DiscoveredServer'];
const foundColumns = (): Column<Found>[] => [
  { key: 'address', header: t('Address'), width: 150, grow: 1, sort: 'address', text: (row) => row.address },
  { key: 'port', header: t('Port'), width: 80, align: 'end', sort: 'port', text: (row) => String(row.port) },
  { key: 'product', header: t('Product'), width: 110, text: (row) => (row.product === 'kea' ? 'Kea DHCP' : 'BIND 9') },
  { key: 'version', header: t('Version'), width: 90, text: (row) => row.version },
  {
    key: 'state',
    header: t('State'),
    width: 110,
    text: (row) => row.state,
    cell: (row) => <StateMark state={row.state} />,
  },
  { key: 'evidence', header: t('Evidence'), width: 180, grow: 2, text: (row) => row.evidence },
  { key: 'seen', header: t('Last seen'), width: 120, text: (row) => formatAgo(row.last_seen) },
];

export function DiscoveryPage() {
  const [search, setSearch] = useUrlState();
  const [accepting, setAccepting] = useState<Found>();
  const [removing, setRemoving] = useState<Target>();
  const mayChange = useMay('servers');
  const mayRun = useMay('tasks');
  const notice = useNotice();
  const add = mayChange && (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setSearch({ new: '1' })}>
      {t('Add place')}
    </Button>
  );
  return (
    <Page
      title={t('Server discovery')}
      fills
      note={t(
        'Each address of these places is asked one question per port that needs no credential and changes nothing.',
      )}
      actions={
        mayRun && (
          <Button
            icon={<SearchRegular />}
            onClick={() =>
              void post('/api/v1/tasks/{name}:run', { path: { name: 'ServerDiscovery' } }).then(() =>
                notice(t('Looking for servers')),
              )
            }
          >
            {t('Look now')}
          </Button>
        )
      }
    >
      <ListView
        path="/api/v1/discovery_targets"
        name="targets"
        label={t('Places to look at')}
        columns={targetColumns(mayChange ? setRemoving : undefined)}
        keyOf={(row) => row.id}
        actions={add}
        {...(mayChange && {
          rowActions: (row: Target) => (
            <Button
              size="small"
              appearance="subtle"
              tabIndex={-1}
              icon={<DeleteRegular />}
              aria-label={t('Delete {name}', { name: row.name })}
              onClick={() => setRemoving(row)}
            />
          ),
        })}
        empty={{
          icon: <SearchRegular />,
          title: t('Nowhere to look yet'),
          text: t('Name a network, an address or a host.'),
          actions: add,
        }}
      />
      <h2 className="page-part">{t('Servers that were found')}</h2>
      <ListView
        path="/api/v1/discovered_servers"
        name="found"
        label={t('Servers that were found')}
        columns={foundColumns()}
        keyOf={(row) => row.id}
        sortable={false}
        {...(mayChange && {
          rowActions: (row: Found) =>
            row.server_id === null ? (
              <Button
                size="small"
                appearance="subtle"
                tabIndex={-1}
                icon={<AddRegular />}
                aria-label={t('Manage {address}', { address: row.address })}
                onClick={() => setAccepting(row)}
              />
            ) : null,
        })}
        empty={{ icon: <SearchRegular />, title: t('Nothing was found yet') }}
      />
      {search.new && mayChange && <AddTarget close={() => setSearch({ new: undefined })} />}
      {accepting && <AcceptServer found={accepting} close={() => setAccepting(undefined)} />}
      {removing && (
        <Confirm
          title={t('Look no more at {name}?', { name: removing.name })}
          action={t('Delete')}
          run={() => remove('/api/v1/discovery_targets/{id}', { path: { id: removing.id } })}
          close={() => setRemoving(undefined)}
        >
          {t('Servers that are managed already stay.')}
        </Confirm>
      )}
    </Page>
  );
}
