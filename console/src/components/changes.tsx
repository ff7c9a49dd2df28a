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
import type { Query } from '../api/client';
import { post } from '../api/client';
import type { Change } from '../api/types';
import { t } from '../i18n';
import { capital, formatExactTime, formatTime, words } from '../lib/format';
import { pageOf } from '../lib/links';
import { useMay } from '../shell/session';
import { Confirm } from './confirm';
import type { Column } from './grid/columns';
import { ListView, type ListFilter } from './grid/list_view';
import { Facts } from './page';
import { EmptyState } from './states';
import { StateMark } from './status';
import { useNotice } from './toasts';
import './changes.css';

const columns = (): Column<Change>[] => [
  { key: 'at', header: t('When'), width: 172, sort: 'at', text: (row) => formatTime(row.at) },
  {
    key: 'kind',
    header: t('What'),
    width: 110,
    text: (row) => words(row.kind),
    cell: (row) => <StateMark state={row.kind} />,
  },
  { key: 'object_type', header: t('Kind'), width: 140, text: (row) => capital(words(row.object_type)) },
  { key: 'object_name', header: t('Object'), width: 190, grow: 2, text: (row) => row.object_name },
  { key: 'actor', header: t('Who'), width: 160, grow: 1, text: (row) => row.actor },
  {
    key: 'fields',
    header: t('Fields'),
    width: 160,
    grow: 2,
    text: (row) =>
      fieldsOf(row)
        .map((field) => words(field.name))
        .join(', '),
  },
  { key: 'reason', header: t('Reason'), width: 140, grow: 1, text: (row) => row.reason },
  { key: 'change_reference', header: t('Reference'), width: 110, hidden: true, text: (row) => row.change_reference },
  {
    key: 'sequence',
    header: t('Sequence'),
    width: 100,
    hidden: true,
    align: 'end',
    sort: 'sequence',
    text: (row) => String(row.sequence),
  },
];

interface FieldChange {
  name: string;
  before: unknown;
  after: unknown;
}

function fieldsOf(change: Change): FieldChange[] {
  const { fields } = (change.differences ?? {}) as { fields?: Record<string, { before?: unknown; after?: unknown }> };
  return Object.entries(fields ?? {}).map(([name, each]) => ({ name, before: each.before, after: each.after }));
}

const textOf = (value: unknown): string =>
  value === undefined || value === null || value === ''
    ? '—'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

/** The journal, or what of it concerns one object; each record opens with its differences and can be taken back. */
export function Changes({ fixed, filters }: { fixed?: Query; filters?: ListFilter[] }) {
  const mayRead = useMay('journal');
  const [shown, setShown] = useState<Change>();
  if (!mayRead)
    return (
      <EmptyState icon={<HistoryRegular />} title={t('You may not see this')}>
        {t('The journal is read by administrators of the address space, of servers and of IP audits.')}
      </EmptyState>
    );
  return (
    <>
      <ListView
        path="/api/v1/journal"
        name="journal"
        label={t('Configuration events')}
        columns={columns()}
        keyOf={(row) => String(row.sequence)}
        fixed={{ sort: '-sequence', ...fixed }}
        words={fixed?.object_id ? 'actor__contains' : 'object_name__contains'}
        wordsHint={fixed?.object_id ? t('Who') : t('Name of the object')}
        {...(filters && { filters })}
        counted={!fixed}
        open={setShown}
        empty={{ icon: <HistoryRegular />, title: t('No changes yet') }}
      />
      {shown && <ChangeDetail change={shown} close={() => setShown(undefined)} />}
    </>
  );
}

function ChangeDetail({ change, close }: { change: Change; close: () => void }) {
  const [undoing, setUndoing] = useState(false);
  const mayUndo = useMay('plan');
  const notice = useNotice();
  const page = change.kind === 'deleted' ? undefined : pageOf(change.object_type, change.object_id, change.object_name);
  const canUndo = mayUndo && ['address_space', 'block', 'subnet', 'range', 'address'].includes(change.object_type);

  async function undo(): Promise<void> {
    await post('/api/v1/journal/{sequence}:undo', { path: { sequence: String(change.sequence) } });
    notice(t('The change was taken back'));
    close();
  }

  return (
    <>
      <Dialog open onOpenChange={(_, data) => !data.open && close()}>
        <DialogSurface aria-describedby={undefined} className="form-wide">
          <DialogBody>
            <DialogTitle>
              {capital(words(change.object_type))} {change.object_name} — {t(words(change.kind))}
            </DialogTitle>
            <DialogContent>
              <Facts
                items={[
                  [t('When'), formatExactTime(change.at)],
                  [t('Who'), change.actor],
                  [t('Reason'), change.reason],
                  [t('Reference'), change.change_reference],
                  [t('On behalf of'), change.on_behalf_of],
                  [t('Sequence'), String(change.sequence)],
                  [t('Request'), change.request_id],
                ]}
              />
              <table className="differences">
                <thead>
                  <tr>
                    <th>{t('Field')}</th>
                    <th>{t('Before')}</th>
                    <th>{t('After')}</th>
                  </tr>
                </thead>
                <tbody>
                  {fieldsOf(change).map((field) => (
                    <tr key={field.name}>
                      <th scope="row">{words(field.name)}</th>
                      <td className="difference-before">{textOf(field.before)}</td>
                      <td className="difference-after">{textOf(field.after)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </DialogContent>
            <DialogActions>
              {page && (
                <Button as="a" href={page}>
                  {t('Open the object')}
                </Button>
              )}
              {canUndo && <Button onClick={() => setUndoing(true)}>{t('Take back')}</Button>}
              <Button appearance="primary" onClick={close}>
                {t('Close')}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
      {undoing && (
        <Confirm title={t('Take this change back?')} action={t('Take back')} run={undo} close={() => setUndoing(false)}>
          {t(
            'The fields get the values that they had before. It is refused where something that came later stands on it.',
          )}
        </Confirm>
      )}
    </>
  );
}
