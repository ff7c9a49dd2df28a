import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import {
  AddRegular,
  DeleteRegular,
  EditRegular,
  KeyRegular,
  LockOpenRegular,
  PeopleRegular,
  ShieldCheckmarkRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { remove } from '../../api/client';
import type { Schemas } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { Confirm } from '../../components/confirm';
import { ListView } from '../../components/grid/list_view';
import { Page, Panel } from '../../components/page';
import { EmptyState } from '../../components/states';
import { Status } from '../../components/status';
import { t } from '../../i18n';
import { formatAgo, formatTime, groupName } from '../../lib/format';
import { useUrlState } from '../../lib/url_state';
import { useMay, useMe } from '../../shell/session';
import { AddToken, UserDialog } from './access_dialogs';

type User = Schemas['User'];
type Deletable = '/api/v1/users/{id}' | '/api/v1/tokens/{id}' | '/api/v1/sessions/{id}' | '/api/v1/lockouts/{id}';

const groupChoices = (): [string, string][] =>
  [
    'ipam_administrators',
    'ipam_asm_administrators',
    'ipam_msm_administrators',
    'ipam_ip_audit_administrators',
    'ipam_users',
  ].map((group) => [group, groupName(group)]);
const Forbidden = () => (
  <EmptyState icon={<ShieldCheckmarkRegular />} title={t('You may not see this')}>
    {t('This is for IPAM administrators.')}
  </EmptyState>
);

function DeleteButton({
  path,
  id,
  label,
  title,
  text,
  icon,
}: {
  path: Deletable;
  id: string;
  label: string;
  title: string;
  text: string;
  icon?: React.ReactNode;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        size="small"
        appearance="subtle"
        tabIndex={-1}
        icon={(icon ?? <DeleteRegular />) as never}
        aria-label={label}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <Confirm title={title} action={label} run={() => remove(path, { path: { id } })} close={() => setAsking(false)}>
          {text}
        </Confirm>
      )}
    </>
  );
}

const userColumns = (): Column<User>[] => [
  { key: 'name', header: t('User'), width: 180, grow: 1, sort: 'name', text: (row) => row.name },
  {
    key: 'group',
    header: t('Group'),
    width: 230,
    grow: 1,
    sort: 'access_group',
    text: (row) => groupName(row.access_group),
  },
  {
    key: 'enabled',
    header: t('State'),
    width: 120,
    text: (row) => (row.enabled ? t('Enabled') : t('Disabled')),
    cell: (row) => <Status tone={row.enabled ? 'good' : 'quiet'}>{row.enabled ? t('Enabled') : t('Disabled')}</Status>,
  },
  { key: 'description', header: t('Description'), width: 200, grow: 2, text: (row) => row.description },
];

export function UsersPage() {
  const [search, setSearch] = useUrlState();
  const [editing, setEditing] = useState<User>();
  const me = useMe();
  if (!useMay('users'))
    return (
      <Page title={t('Users')}>
        <Forbidden />
      </Page>
    );
  return (
    <Page title={t('Users')} fills>
      <ListView
        path="/api/v1/users"
        name="users"
        label={t('Users')}
        columns={userColumns()}
        keyOf={(row) => row.id}
        words="name__contains"
        wordsHint={t('User name')}
        filters={[{ field: 'access_group', label: t('All groups'), choices: groupChoices() }]}
        open={setEditing}
        actions={
          <Button appearance="primary" icon={<AddRegular />} onClick={() => setSearch({ new: '1' })}>
            {t('Add user')}
          </Button>
        }
        rowActions={(row) =>
          row.id === me.id ? (
            <Button
              size="small"
              appearance="subtle"
              tabIndex={-1}
              icon={<EditRegular />}
              aria-label={t('Edit {name}', { name: row.name })}
              onClick={() => setEditing(row)}
            />
          ) : (
            <DeleteButton
              path="/api/v1/users/{id}"
              id={row.id}
              label={t('Delete')}
              title={t('Delete {name}?', { name: row.name })}
              text={t('Every session and token of the user ends.')}
            />
          )
        }
        empty={{ icon: <PeopleRegular />, title: t('No users') }}
      />
      {search.new && <UserDialog close={() => setSearch({ new: undefined })} />}
      {editing && <UserDialog user={editing} close={() => setEditing(undefined)} />}
    </Page>
  );
}

/** What the five groups may do, as docs/api.md has it. */
export function RolesPage() {
  const rows: [string, boolean[]][] = [
    [t('Read the plan, servers, DHCP, DNS and tasks'), [true, true, true, true, true]],
    [t('Change address spaces, blocks and subnets'), [true, true, false, false, false]],
    [t('Change ranges and addresses, allocate'), [true, true, true, false, false]],
    [t('Change and verify servers, credentials, discovery'), [true, false, true, false, false]],
    [t('Run a task; read the journal'), [true, true, true, true, false]],
    [t('Read refused requests'), [true, false, false, true, false]],
    [t('Change tasks, users, sessions, lockouts and settings'), [true, false, false, false, false]],
  ];
  return (
    <Page
      title={t('Groups')}
      note={t(
        'Each user is in one of five groups, as in Microsoft’s IPAM. A token gives at most what its user may do.',
      )}
    >
      <Panel>
        <div className="roles-scroll" tabIndex={0} role="region" aria-label={t('What the groups may do')}>
          <table className="roles">
            <thead>
              <tr>
                <th>{t('Operation')}</th>
                {groupChoices().map(([group, name]) => (
                  <th key={group}>{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([what, allowed]) => (
                <tr key={what}>
                  <th scope="row">{what}</th>
                  {allowed.map((each, index) => (
                    <td key={groupChoices()[index]?.[0]}>
                      {each ? <Status tone="good">{t('Yes')}</Status> : <span className="quiet">{t('No')}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </Page>
  );
}

const tokenColumns = (): Column<Schemas['Token']>[] => [
  { key: 'name', header: t('Token'), width: 200, grow: 2, sort: 'name', text: (row) => row.name },
  { key: 'user', header: t('User'), width: 150, grow: 1, text: (row) => row.user_name },
  { key: 'group', header: t('Gives at most'), width: 230, grow: 1, text: (row) => groupName(row.access_group) },
  { key: 'created', header: t('Made'), width: 172, text: (row) => formatTime(row.created_at) },
  {
    key: 'expires',
    header: t('Expires'),
    width: 172,
    text: (row) => (row.expires_at ? formatTime(row.expires_at) : t('never')),
  },
];

export function TokensPage() {
  const [search, setSearch] = useUrlState();
  const [secret, setSecret] = useState<string>();
  return (
    <Page
      title={t('API tokens')}
      fills
      note={t('Programs sign in with a token. It does what its user may do, or less.')}
    >
      {secret && (
        <MessageBar intent="success" layout="multiline" className="page-message">
          <MessageBarBody>
            {t('Copy the token now, it is not shown again:')} <code className="secret">{secret}</code>
          </MessageBarBody>
        </MessageBar>
      )}
      <ListView
        path="/api/v1/tokens"
        name="tokens"
        label={t('API tokens')}
        columns={tokenColumns()}
        keyOf={(row) => row.id}
        words="name__contains"
        wordsHint={t('Name')}
        actions={
          <Button appearance="primary" icon={<AddRegular />} onClick={() => setSearch({ new: '1' })}>
            {t('Add API token')}
          </Button>
        }
        rowActions={(row) => (
          <DeleteButton
            path="/api/v1/tokens/{id}"
            id={row.id}
            label={t('Delete')}
            title={t('Delete {name}?', { name: row.name })}
            text={t('Programs that use it are refused at once.')}
          />
        )}
        empty={{
          icon: <KeyRegular />,
          title: t('No API tokens'),
          text: t('Make one for each program, with the smallest group that does.'),
        }}
      />
      {search.new && <AddToken close={() => setSearch({ new: undefined })} made={setSecret} />}
    </Page>
  );
}

const sessionColumns = (): Column<Schemas['OpenSession']>[] => [
  { key: 'user', header: t('User'), width: 180, grow: 1, text: (row) => row.user_name },
  { key: 'address', header: t('From'), width: 160, grow: 1, text: (row) => row.address },
  { key: 'created', header: t('Since'), width: 172, sort: 'created_at', text: (row) => formatTime(row.created_at) },
  { key: 'used', header: t('Last used'), width: 140, text: (row) => formatAgo(row.last_used_at) },
  { key: 'expires', header: t('Ends'), width: 172, sort: 'expires_at', text: (row) => formatTime(row.expires_at) },
];

export const SessionsPage = () => (
  <Page title={t('Sessions')} fills>
    <ListView
      path="/api/v1/sessions"
      name="sessions"
      label={t('Sessions')}
      columns={sessionColumns()}
      keyOf={(row) => row.id}
      rowActions={(row) => (
        <DeleteButton
          path="/api/v1/sessions/{id}"
          id={row.id}
          label={t('End')}
          title={t('End this session of {name}?', { name: row.user_name })}
          text={t('Whoever uses it has to sign in again.')}
        />
      )}
      empty={{ title: t('No sessions') }}
    />
  </Page>
);

const lockoutColumns = (): Column<Schemas['Lockout']>[] => [
  {
    key: 'kind',
    header: t('Of'),
    width: 140,
    text: (row) => (row.kind === 'user_name' ? t('User name') : t('Client address')),
  },
  { key: 'name', header: t('Name'), width: 200, grow: 1, text: (row) => row.name },
  {
    key: 'failures',
    header: t('Failures'),
    width: 100,
    align: 'end',
    sort: 'failures',
    text: (row) => String(row.failures),
  },
  {
    key: 'last',
    header: t('Last'),
    width: 172,
    sort: 'last_failure_at',
    text: (row) => formatTime(row.last_failure_at),
  },
  {
    key: 'until',
    header: t('Blocked until'),
    width: 172,
    text: (row) => (row.blocked_until ? formatTime(row.blocked_until) : ''),
  },
];

export function LockoutsPage() {
  if (!useMay('users'))
    return (
      <Page title={t('Lockouts')}>
        <Forbidden />
      </Page>
    );
  return (
    <Page title={t('Lockouts')} fills>
      <ListView
        path="/api/v1/lockouts"
        name="lockouts"
        label={t('Lockouts')}
        columns={lockoutColumns()}
        keyOf={(row) => row.id}
        rowActions={(row) => (
          <DeleteButton
            path="/api/v1/lockouts/{id}"
            id={row.id}
            icon={<LockOpenRegular />}
            label={t('Lift')}
            title={t('Lift the lockout of {name}?', { name: row.name })}
            text={t('The failed sign-ins are forgotten.')}
          />
        )}
        empty={{
          icon: <LockOpenRegular />,
          title: t('Nobody is locked out'),
          text: t('After five failed sign-ins under a name, or twenty-five from an address, the next one has to wait.'),
        }}
      />
    </Page>
  );
}
