import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  ProgressBar,
  Tab,
  TabList,
} from '@fluentui/react-components';
import { AddRegular, ArrowSyncRegular, DeleteRegular, MoreHorizontalRegular } from '@fluentui/react-icons';

import { useState } from 'react';
import { post, remove } from '../../api/client';
import { queryClient, useGet, useObject } from '../../api/queries';
import type { Server } from '../../api/types';
import { Changes } from '../../components/changes';
import { Facts, Page, Panel } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { StateMark } from '../../components/status';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { capital, formatAgo, formatTime, words } from '../../lib/format';
import { usePathId, useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { LeaseTable, ScopeTable, ZoneTable } from '../monitor/monitor_lists';
import { accessName, AddAccess, DeleteServer, EditServer } from './server_dialogs';
import { productName } from './servers_page';

export function ServerPage() {
  const id = usePathId();
  const [search, setSearch] = useUrlState();
  const answer = useObject('/api/v1/servers/{id}', id);
  const [doing, setDoing] = useState<'edit' | 'delete' | 'access'>();
  const [operation, setOperation] = useState<string>();
  const mayChange = useMay('servers');
  const notice = useNotice();
  if (answer.error)
    return (
      <Page title={t('Server')}>
        <ErrorState error={answer.error} />
      </Page>
    );
  if (!answer.data)
    return (
      <Page title={t('Server')}>
        <Waiting rows={6} />
      </Page>
    );
  const server = answer.data.data as unknown as Server;
  const isDhcp = server.product === 'kea';
  const tab = search.tab ?? 'details';
  const path = { id };

  async function verify(): Promise<void> {
    const { status } = await post('/api/v1/servers/{id}:verify', { path });
    notice(
      status.availability === 'reachable' ? t('The server answers') : t('The server cannot be used'),
      status.problem || status.version,
      status.availability === 'reachable' ? 'success' : 'error',
    );
    void queryClient.invalidateQueries({
      predicate: (query) => String(query.queryKey[0]).startsWith('/api/v1/server'),
    });
  }

  const tabs: [string, string][] = [
    ['details', t('Details')],
    ...(isDhcp
      ? ([
          ['scopes', t('DHCP scopes')],
          ['leases', t('Leases')],
        ] as [string, string][])
      : ([['zones', t('DNS zones')]] as [string, string][])),
    ['changes', t('Changes')],
  ];
  return (
    <Page
      title={server.name}
      trail={[{ to: '/servers', name: t('Server inventory') }]}
      note={<StateMark state={server.status.availability} />}
      fills={tab !== 'details'}
      actions={
        mayChange && (
          <>
            <Button
              appearance="primary"
              icon={<ArrowSyncRegular />}
              onClick={() => void post('/api/v1/servers/{id}:collect', { path }).then((made) => setOperation(made.id))}
            >
              {t('Retrieve data')}
            </Button>
            <Button onClick={() => void verify()}>{t('Verify')}</Button>
            <Button onClick={() => setDoing('edit')}>{t('Edit')}</Button>
            <Menu>
              <MenuTrigger disableButtonEnhancement>
                <Button icon={<MoreHorizontalRegular />} aria-label={t('More actions')} />
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <MenuItem icon={<AddRegular />} onClick={() => setDoing('access')}>
                    {t('Add access')}
                  </MenuItem>
                  <MenuItem icon={<DeleteRegular />} onClick={() => setDoing('delete')}>
                    {t('Delete')}
                  </MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          </>
        )
      }
    >
      {operation && <OperationProgress id={operation} />}
      {server.status.problem && (
        <MessageBar intent="error" layout="multiline" className="page-message">
          <MessageBarBody>
            <MessageBarTitle>{capital(words(server.status.availability))}</MessageBarTitle>
            {server.status.problem}
          </MessageBarBody>
        </MessageBar>
      )}
      <TabList
        className="page-tabs"
        selectedValue={tab}
        onTabSelect={(_, data) =>
          setSearch({ tab: data.value as string, q: undefined, sort: undefined, state: undefined, kind: undefined })
        }
      >
        {tabs.map(([value, text]) => (
          <Tab key={value} value={value}>
            {text}
          </Tab>
        ))}
      </TabList>
      {tab === 'details' && (
        <Details
          server={server}
          add={mayChange && server.product !== 'windows_dns' ? () => setDoing('access') : undefined}
        />
      )}
      {tab === 'scopes' && <ScopeTable fixed={{ server: id }} />}
      {tab === 'leases' && <LeaseTable fixed={{ server: id }} />}
      {tab === 'zones' && <ZoneTable fixed={{ server: id }} />}
      {tab === 'changes' && <Changes fixed={{ object_type: 'managed_server', object_id: id }} />}
      {doing === 'edit' && <EditServer server={server} etag={answer.data.etag} close={() => setDoing(undefined)} />}
      {doing === 'access' && <AddAccess server={server} close={() => setDoing(undefined)} />}
      {doing === 'delete' && <DeleteServer server={server} close={() => setDoing(undefined)} />}
    </Page>
  );
}

/** How far the reading of the server is, live by the event stream. */
function OperationProgress({ id }: { id: string }) {
  const answer = useGet('/api/v1/operations/{id}', { path: { id } });
  const operation = answer.data;
  if (!operation) return <ProgressBar />;
  const isOver = operation.ended_at !== null;
  return (
    <Panel className="page-message">
      <div className="panel-head">
        <h2>{t('Retrieving data')}</h2>
        <StateMark state={operation.state} />
      </div>
      <ProgressBar
        value={operation.percent / 100}
        color={operation.state === 'failed' ? 'error' : isOver ? 'success' : 'brand'}
        aria-label={t('Progress')}
      />
      <ul className="parts">
        {operation.parts.map((part) => (
          <li key={part.number}>
            <StateMark state={part.state} /> <strong>{part.name}</strong> <span className="quiet">{part.message}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Details({ server, add }: { server: Server; add: (() => void) | undefined }) {
  const accesses = useGet('/api/v1/server_accesses', { query: { server: server.id, limit: 100 } });
  const mayChange = useMay('servers');
  const { status } = server;
  return (
    <div className="page-stack">
      <Panel title={t('Server')}>
        <Facts
          items={[
            [t('Product'), `${productName(server.product)} ${status.version}`],
            [t('Manageability'), <StateMark key="m" state={server.manageability} />],
            [t('URL'), server.url],
            [t('Credential'), server.credential],
            [t('Address space'), server.space],
            [t('Checked'), formatAgo(status.checked_at)],
            [t('Reached'), formatAgo(status.reached_at)],
            [t('Configuration read'), formatTime(status.configuration_collected_at)],
            [t('Leases read'), formatTime(status.leases_collected_at)],
            [t('Zones read'), formatTime(status.zones_collected_at)],
            [t('High availability'), status.high_availability],
            [t('Description'), server.description],
            [t('Can do'), status.capabilities.map((each) => words(each)).join(', ')],
          ]}
        />
      </Panel>
      {status.findings.length > 0 && (
        <Panel title={t('Findings')}>
          <ul className="findings">
            {status.findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel
        title={t('Further accesses')}
        actions={
          add && (
            <Button size="small" icon={<AddRegular />} onClick={add}>
              {t('Add access')}
            </Button>
          )
        }
      >
        {accesses.data?.items.length === 0 && (
          <p className="quiet">
            {server.product === 'bind9' && t('Zones are transferred over a DNS access: add one.')}
            {server.product === 'windows_dns' &&
              t('None is needed: zones and records are read over the URL of the server.')}
            {server.product === 'kea' &&
              t(
                'None is needed: leases are read by the control agent. A lease database or file is faster for very many.',
              )}
          </p>
        )}
        <ul className="parts">
          {(accesses.data?.items ?? []).map((access) => (
            <li key={access.id}>
              <StateMark state={access.availability} title={access.problem} />{' '}
              <strong>{accessName(access.kind)}</strong> {access.url}{' '}
              <span className="quiet">
                {access.problem || t('checked {ago}', { ago: formatAgo(access.checked_at) })}
              </span>
              {mayChange && (
                <Button
                  size="small"
                  appearance="subtle"
                  icon={<DeleteRegular />}
                  aria-label={t('Delete the access {url}', { url: access.url })}
                  onClick={() =>
                    void remove('/api/v1/server_accesses/{id}', { path: { id: access.id } }).then(() =>
                      accesses.refetch(),
                    )
                  }
                />
              )}
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
