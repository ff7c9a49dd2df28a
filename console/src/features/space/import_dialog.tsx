import { Button, Field, MessageBar, MessageBarBody, MessageBarTitle, ProgressBar } from '@fluentui/react-components';
import { useState } from 'react';
import { ApiError, urlOf } from '../../api/client';
import { useGet } from '../../api/queries';
import type { Problem, Schemas } from '../../api/types';
import { CheckField, ChoiceField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { Facts } from '../../components/page';
import { t } from '../../i18n';
import { formatCount } from '../../lib/format';

type Import = Schemas['Import'];

async function upload(file: File, query: Record<string, string | boolean>): Promise<Import> {
  const response = await fetch(urlOf('/api/v1/imports', { query }), {
    method: 'POST',
    body: file,
    headers: { 'X-Ipam-Console': '1', 'Content-Type': file.type || 'text/csv' },
  });
  if (response.ok) return (await response.json()) as Import;
  const problem = (await response.json()) as Problem;
  throw new ApiError(response.status, problem.code, problem.detail, problem.errors, problem.request_id);
}

/** A file of the plan: first what it would do, row by row, then done. */
export function ImportDialog({ space, close }: { space: string; close: () => void }) {
  const [file, setFile] = useState<File>();
  const [kind, setKind] = useState('subnet');
  const [createSubnets, setCreateSubnets] = useState(false);
  const [tried, setTried] = useState<string>();
  const [made, setMade] = useState<string>();
  const id = made ?? tried;

  async function run(dry: boolean): Promise<void> {
    if (!file) return;
    const started = await upload(file, {
      kind,
      space,
      file_name: file.name,
      ...(createSubnets && { create_subnets: true }),
      ...(dry && { dry_run: true }),
    });
    if (dry) setTried(started.id);
    else setMade(started.id);
  }

  if (id) return <ImportResult id={id} goOn={made ? undefined : () => run(false)} close={close} />;
  return (
    <FormDialog
      title={t('Import from a file')}
      submitText={t('Preview')}
      submit={async () => {
        await run(true);
        return new Promise(() => undefined); // the result takes this dialog's place
      }}
      close={close}
      canSubmit={file !== undefined}
    >
      <p className="quiet">
        {t(
          'CSV or JSON lines, with the names of the columns in the first row. Nothing is changed before you have seen what would be.',
        )}
      </p>
      <ChoiceField
        name="kind"
        label={t('What the rows are')}
        value={kind}
        set={setKind}
        choices={[
          ['block', t('Address blocks')],
          ['subnet', t('Subnets')],
          ['range', t('Ranges')],
          ['address', t('IP addresses')],
        ]}
      />
      <Field label={t('File')} required>
        <input type="file" accept=".csv,.json,.jsonl,text/csv" onChange={(event) => setFile(event.target.files?.[0])} />
      </Field>
      {(kind === 'range' || kind === 'address') && (
        <CheckField label={t('Make subnets that are missing')} checked={createSubnets} set={setCreateSubnets} />
      )}
    </FormDialog>
  );
}

function ImportResult({ id, goOn, close }: { id: string; goOn: (() => Promise<void>) | undefined; close: () => void }) {
  const answer = useGet('/api/v1/imports/{id}', { path: { id }, refetchInterval: 700 });
  const state = answer.data;
  const isOver = state?.ended_at !== null && state !== undefined;
  return (
    <FormDialog
      title={goOn ? t('What the import would do') : t('Import')}
      submitText={goOn ? t('Import now') : t('Close')}
      close={close}
      canSubmit={isOver}
      submit={async () => {
        if (!goOn) return;
        await goOn();
        await new Promise(() => undefined);
      }}
    >
      {!isOver && <ProgressBar />}
      {state && (
        <Facts
          items={[
            [t('File'), state.file_name],
            [t('Rows'), formatCount(state.rows)],
            [t('Created'), formatCount(state.created)],
            [t('Updated'), formatCount(state.updated)],
            [t('Unchanged'), formatCount(state.unchanged)],
            [t('Failed'), formatCount(state.failed)],
          ]}
        />
      )}
      {isOver && state.failed > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('Some rows cannot be imported')}</MessageBarTitle>
            {t('They come back as a file, each with what is wrong with it.')}{' '}
            <Button as="a" size="small" href={`/api/v1/imports/${id}/errors`}>
              {t('Download these rows')}
            </Button>
          </MessageBarBody>
        </MessageBar>
      )}
      {isOver && state.message && <p>{state.message}</p>}
    </FormDialog>
  );
}
