import { Button, Select } from '@fluentui/react-components';
import { AddRegular, ArchiveRegular, DeleteRegular, KeyRegular, TagRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { patch, post, remove } from '../../api/client';
import { queryClient, useGet } from '../../api/queries';
import type { Schemas } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { Confirm } from '../../components/confirm';
import { ListView } from '../../components/grid/list_view';
import { Facts, Page, Panel } from '../../components/page';
import { EmptyState, ErrorState, Waiting } from '../../components/states';
import { Status } from '../../components/status';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { capital, formatBytes, formatTime, words } from '../../lib/format';
import { useMay } from '../../shell/session';
import { useTheme, type ThemeChoice } from '../../shell/theme';
import { AddCredential, AddCustomField } from './settings_dialogs';

export function GeneralPage() {
  const config = useGet('/api/v1/server_config');
  const { choice, choose } = useTheme();
  const mayChange = useMay('configuration');
  const notice = useNotice();
  async function setLevel(log_level: string): Promise<void> {
    await patch('/api/v1/server_config', { body: { log_level: log_level as Schemas['LogLevel'] } });
    await config.refetch();
    notice(t('The log level is now {level}', { level: log_level }));
  }
  const server = config.data;
  return (
    <Page title={t('General')}>
      <div className="page-stack">
        <Panel title={t('Appearance')}>
          <Facts
            items={[
              [
                t('Colors'),
                <Select
                  key="c"
                  aria-label={t('Colors')}
                  value={choice}
                  onChange={(_, data) => choose(data.value as ThemeChoice)}
                >
                  <option value="system">{t('As the system')}</option>
                  <option value="light">{t('Light')}</option>
                  <option value="dark">{t('Dark')}</option>
                </Select>,
              ],
            ]}
          />
        </Panel>
        <Panel title={t('This server')}>
          {config.error && <ErrorState error={config.error} />}
          {config.isPending && <Waiting rows={5} />}
          {server && (
            <Facts
              items={[
                [t('Version'), server.version],
                [t('Node'), server.node],
                [t('Listens at'), `${server.listen_address} · ${server.listen_port}`],
                [t('Database'), server.database === 'sqlite' ? t('embedded (SQLite)') : 'PostgreSQL'],
                [t('Schema version'), String(server.schema_version)],
                [t('Master key'), <code key="k">{server.master_key_id}</code>],
                [t('Started'), formatTime(server.started_at)],
                [
                  t('Log level'),
                  mayChange ? (
                    <Select
                      key="l"
                      aria-label={t('Log level')}
                      value={server.log_level}
                      onChange={(_, data) => void setLevel(data.value)}
                    >
                      {['debug', 'info', 'warning', 'error'].map((each) => (
                        <option key={each}>{each}</option>
                      ))}
                    </Select>
                  ) : (
                    server.log_level
                  ),
                ],
              ]}
            />
          )}
          <p className="quiet">
            {t('Other settings, such as thresholds and times of sessions, stand in the file ipamd.toml of the server.')}
          </p>
        </Panel>
      </div>
    </Page>
  );
}

const credentialColumns = (): Column<Schemas['Credential']>[] => [
  { key: 'name', header: t('Credential'), width: 220, grow: 2, sort: 'name', text: (row) => row.name },
  { key: 'kind', header: t('Kind'), width: 160, text: (row) => capital(words(row.kind)) },
  { key: 'user', header: t('User or key name'), width: 180, grow: 1, text: (row) => row.user_name },
  { key: 'algorithm', header: t('Algorithm'), width: 140, text: (row) => row.algorithm },
];

export function CredentialsPage() {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Schemas['Credential']>();
  if (!useMay('servers'))
    return (
      <Page title={t('Credentials')}>
        <EmptyState icon={<KeyRegular />} title={t('You may not see this')}>
          {t('This is for administrators of servers.')}
        </EmptyState>
      </Page>
    );
  const add = (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setAdding(true)}>
      {t('Add credential')}
    </Button>
  );
  return (
    <Page
      title={t('Credentials')}
      fills
      note={t('What signs in at managed servers. Secrets are sealed, and shown to nobody.')}
    >
      <ListView
        path="/api/v1/credentials"
        name="credentials"
        label={t('Credentials')}
        columns={credentialColumns()}
        keyOf={(row) => row.id}
        words="name__contains"
        wordsHint={t('Name')}
        actions={add}
        rowActions={(row) => (
          <Button
            size="small"
            appearance="subtle"
            tabIndex={-1}
            icon={<DeleteRegular />}
            aria-label={t('Delete {name}', { name: row.name })}
            onClick={() => setRemoving(row)}
          />
        )}
        empty={{ icon: <KeyRegular />, title: t('No credentials yet'), actions: add }}
      />
      {adding && <AddCredential close={() => setAdding(false)} />}
      {removing && (
        <Confirm
          title={t('Delete {name}?', { name: removing.name })}
          action={t('Delete')}
          run={() => remove('/api/v1/credentials/{id}', { path: { id: removing.id } })}
          close={() => setRemoving(undefined)}
        >
          {t('One that a server uses is not deleted.')}
        </Confirm>
      )}
    </Page>
  );
}

const fieldColumns = (): Column<Schemas['CustomField']>[] => [
  { key: 'name', header: t('Field'), width: 200, grow: 1, sort: 'name', text: (row) => row.name },
  { key: 'kind', header: t('Kind'), width: 110, sort: 'kind', text: (row) => capital(row.kind) },
  { key: 'values', header: t('Values'), width: 240, grow: 3, text: (row) => row.values.join(', ') },
  { key: 'built_in', header: t('Built in'), width: 100, text: (row) => (row.built_in ? t('Yes') : t('No')) },
];

export function CustomFieldsPage() {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Schemas['CustomField']>();
  const mayChange = useMay('plan');
  const add = mayChange && (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setAdding(true)}>
      {t('Add custom field')}
    </Button>
  );
  return (
    <Page title={t('Custom fields')} fills>
      <ListView
        path="/api/v1/custom_fields"
        name="custom_fields"
        label={t('Custom fields')}
        columns={fieldColumns()}
        keyOf={(row) => row.id}
        words="name__contains"
        wordsHint={t('Name')}
        actions={add}
        {...(mayChange && {
          rowActions: (row: Schemas['CustomField']) =>
            row.built_in ? null : (
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
        empty={{ icon: <TagRegular />, title: t('No custom fields') }}
      />
      {adding && <AddCustomField close={() => setAdding(false)} />}
      {removing && (
        <Confirm
          title={t('Delete {name}?', { name: removing.name })}
          action={t('Delete')}
          run={() => remove('/api/v1/custom_fields/{id}', { path: { id: removing.id } })}
          close={() => setRemoving(undefined)}
        >
          {t('A field that an object uses is not deleted.')}
        </Confirm>
      )}
    </Page>
  );
}

export function BackupsPage() {
  const backups = useGet('/api/v1/backups', { refetchInterval: 5000 });
  const [removing, setRemoving] = useState<string>();
  const mayChange = useMay('configuration');
  const notice = useNotice();
  async function make(): Promise<void> {
    await post('/api/v1/backups', {});
    notice(t('A backup is being made'));
    await queryClient.invalidateQueries({ queryKey: ['/api/v1/backups'] });
  }
  if (!mayChange)
    return (
      <Page title={t('Backups')}>
        <EmptyState icon={<ArchiveRegular />} title={t('You may not see this')}>
          {t('This is for IPAM administrators.')}
        </EmptyState>
      </Page>
    );
  return (
    <Page
      title={t('Backups')}
      note={t('Restoring is done by the command line: ipam backup restore.')}
      actions={
        <Button appearance="primary" icon={<ArchiveRegular />} onClick={() => void make()}>
          {t('Back up now')}
        </Button>
      }
    >
      {backups.error && <ErrorState error={backups.error} />}
      <Panel>
        {backups.data?.items.length === 0 && (
          <EmptyState icon={<ArchiveRegular />} title={t('No backups yet')}>
            {t('Copy finished backups to another machine, and master.key by another way.')}
          </EmptyState>
        )}
        <ul className="parts">
          {(backups.data?.items ?? []).map((backup) => (
            <li key={backup.name}>
              <Status tone="good">{formatTime(backup.created_at)}</Status> <strong>{backup.name}</strong>{' '}
              {formatBytes(backup.bytes)}{' '}
              <span className="quiet">{[backup.note, backup.actor].filter(Boolean).join(' · ')}</span>
              <Button
                size="small"
                onClick={() =>
                  void post('/api/v1/backups/{name}:verify', { path: { name: backup.name } }).then(() =>
                    notice(
                      t('{name} is being checked', { name: backup.name }),
                      t('The event catalog tells the result.'),
                    ),
                  )
                }
              >
                {t('Verify')}
              </Button>
              <Button
                size="small"
                appearance="subtle"
                icon={<DeleteRegular />}
                aria-label={t('Delete {name}', { name: backup.name })}
                onClick={() => setRemoving(backup.name)}
              />
            </li>
          ))}
        </ul>
      </Panel>
      {removing && (
        <Confirm
          title={t('Delete {name}?', { name: removing })}
          action={t('Delete')}
          run={() => remove('/api/v1/backups/{name}', { path: { name: removing } }).then(() => backups.refetch())}
          close={() => setRemoving(undefined)}
        >
          {t('It cannot be restored any more.')}
        </Confirm>
      )}
    </Page>
  );
}
