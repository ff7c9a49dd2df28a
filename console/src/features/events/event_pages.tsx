import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { post } from '../../api/client';
import type { Operation, Schemas } from '../../api/types';
import { Changes } from '../../components/changes';
import { Confirm } from '../../components/confirm';
import type { Column } from '../../components/grid/columns';
import { ListView } from '../../components/grid/list_view';
import { Facts, Page } from '../../components/page';
import { StateMark } from '../../components/status';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { capital, formatTime, words } from '../../lib/format';
import { useMay } from '../../shell/session';

const OBJECTS = [
  'address_space',
  'block',
  'subnet',
  'range',
  'address',
  'managed_server',
  'credential',
  'dhcp_scope',
  'dhcp_reservation',
  'server_change',
  'user',
  'token',
];

export const ConfigurationEventsPage = () => (
  <Page title={t('Configuration events')} fills>
    <Changes
      filters={[
        {
          field: 'kind',
          label: t('Everything done'),
          choices: [
            ['created', t('Created')],
            ['updated', t('Updated')],
            ['deleted', t('Deleted')],
          ],
        },
        {
          field: 'object_type',
          label: t('All kinds of objects'),
          choices: OBJECTS.map((each) => [each, capital(words(each))]),
        },
      ]}
    />
  </Page>
);

type ServerChange = Schemas['ServerChange'];
const changeColumns = (): Column<ServerChange>[] => [
  {
    key: 'announced_at',
    header: t('When'),
    width: 172,
    sort: 'announced_at',
    text: (row) => formatTime(row.announced_at),
  },
  {
    key: 'state',
    header: t('State'),
    width: 120,
    text: (row) => words(row.state),
    cell: (row) => <StateMark state={row.state} title={row.problem} />,
  },
  { key: 'server', header: t('Server'), width: 180, grow: 1, text: (row) => row.server },
  { key: 'what', header: t('What'), width: 260, grow: 3, text: (row) => row.what.join('; ') },
  { key: 'actor', header: t('Who'), width: 130, sort: 'actor', text: (row) => row.actor },
  { key: 'reason', header: t('Reason'), width: 140, grow: 1, text: (row) => row.reason },
];

export function ServerChangesPage() {
  const [shown, setShown] = useState<ServerChange>();
  return (
    <Page title={t('Changes to servers')} fills>
      <ListView
        path="/api/v1/changes"
        name="changes"
        label={t('Changes to servers')}
        columns={changeColumns()}
        keyOf={(row) => row.id}
        fixed={{ sort: '-announced_at' }}
        filters={[
          {
            field: 'state',
            label: t('All states'),
            choices: [
              ['announced', t('Announced')],
              ['made', t('Made')],
              ['not_made', t('Not made')],
              ['unknown', t('Unknown')],
              ['undone', t('Undone')],
            ],
          },
        ]}
        linked={{ server: t('Server') }}
        open={setShown}
        empty={{
          icon: <HistoryRegular />,
          title: t('No server was changed yet'),
          text: t(
            'Reservations and DNS records that are made here stand here, with what exactly was sent, and can be taken back.',
          ),
        }}
      />
      {shown && <ChangeDetail change={shown} close={() => setShown(undefined)} />}
    </Page>
  );
}

function ChangeDetail({ change, close }: { change: ServerChange; close: () => void }) {
  const [undoing, setUndoing] = useState(false);
  const mayUndo = useMay('changes');
  const notice = useNotice();
  async function undo(): Promise<void> {
    await post('/api/v1/changes/{id}:undo', { path: { id: change.id } });
    notice(t('The change was taken back'));
    close();
  }
  return (
    <>
      <Dialog open onOpenChange={(_, data) => !data.open && close()}>
        <DialogSurface aria-describedby={undefined} className="form-wide">
          <DialogBody>
            <DialogTitle>{change.what[0] ?? change.server}</DialogTitle>
            <DialogContent>
              <Facts
                items={[
                  [t('Server'), change.server],
                  [t('State'), <StateMark key="s" state={change.state} />],
                  [t('Problem'), change.problem],
                  [t('Announced'), formatTime(change.announced_at)],
                  [t('Ended'), formatTime(change.ended_at)],
                  [t('Who'), change.actor],
                  [t('Reason'), change.reason],
                  [t('Reference'), change.change_reference],
                ]}
              />
              <ul className="findings">
                {change.what.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </DialogContent>
            <DialogActions>
              {mayUndo && change.state === 'made' && !change.undone_by && (
                <Button onClick={() => setUndoing(true)}>{t('Take back')}</Button>
              )}
              <Button appearance="primary" onClick={close}>
                {t('Close')}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
      {undoing && (
        <Confirm title={t('Take this change back?')} action={t('Take back')} run={undo} close={() => setUndoing(false)}>
          {t('The server gets what it had before. It is refused when it holds something else now.')}
        </Confirm>
      )}
    </>
  );
}

const operationColumns = (): Column<Operation>[] => [
  {
    key: 'started_at',
    header: t('Started'),
    width: 172,
    sort: 'started_at',
    text: (row) => formatTime(row.started_at),
  },
  {
    key: 'state',
    header: t('State'),
    width: 140,
    text: (row) => words(row.state),
    cell: (row) => <StateMark state={row.state} title={row.message} />,
  },
  { key: 'kind', header: t('What'), width: 170, sort: 'kind', text: (row) => capital(words(row.kind)) },
  { key: 'subject', header: t('Of'), width: 200, grow: 2, text: (row) => row.subject },
  { key: 'percent', header: t('Done'), width: 80, align: 'end', text: (row) => `${row.percent}%` },
  { key: 'message', header: t('Message'), width: 220, grow: 3, text: (row) => row.message },
  { key: 'actor', header: t('Who'), width: 130, text: (row) => row.actor },
];

export const OperationsPage = () => (
  <Page title={t('Operations')} fills>
    <ListView
      path="/api/v1/operations"
      name="operations"
      label={t('Operations')}
      columns={operationColumns()}
      keyOf={(row) => row.id}
      fixed={{ sort: '-started_at' }}
      filters={[
        {
          field: 'state',
          label: t('All states'),
          choices: [
            ['running', t('Running')],
            ['succeeded', t('Succeeded')],
            ['partly_failed', t('Partly failed')],
            ['failed', t('Failed')],
            ['cancelled', t('Cancelled')],
            ['interrupted', t('Interrupted')],
          ],
        },
      ]}
      empty={{
        icon: <HistoryRegular />,
        title: t('No operations in the last week'),
        text: t(
          'Long work, such as an import or the reading of a server, stands here while it runs and for a week afterwards.',
        ),
      }}
    />
  </Page>
);
