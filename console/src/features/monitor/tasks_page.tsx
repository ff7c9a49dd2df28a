import { Button, Switch } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular, PlayRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { ApiError, patch, post } from '../../api/client';
import { useGet } from '../../api/queries';
import type { Task } from '../../api/types';
import { TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { Page, Panel } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { StateMark } from '../../components/status';
import { t } from '../../i18n';
import { formatAgo, formatDuration, formatTime, parseDuration } from '../../lib/format';
import { useMay } from '../../shell/session';
import './tasks_page.css';

export function TasksPage() {
  const tasks = useGet('/api/v1/tasks');
  if (tasks.error)
    return (
      <Page title={t('Tasks')}>
        <ErrorState error={tasks.error} retry={() => void tasks.refetch()} />
      </Page>
    );
  return (
    <Page title={t('Tasks')} note={t('What the server does by itself, how it went, and when it does it next.')}>
      {tasks.isPending && <Waiting rows={6} height={70} />}
      <div className="page-stack">
        {(tasks.data?.items ?? []).map((task) => (
          <TaskPanel key={task.name} task={task} />
        ))}
      </div>
    </Page>
  );
}

function TaskPanel({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  const [changing, setChanging] = useState(false);
  const mayRun = useMay('tasks');
  const mayChange = useMay('configuration');
  const path = { name: task.name };
  return (
    <Panel className="task">
      <div className="task-head">
        <div className="task-name">
          <h2>{task.name}</h2>
          <p className="quiet">{task.description}</p>
        </div>
        <div className="task-actions">
          {mayChange && (
            <Switch
              label={t('Enabled')}
              checked={task.enabled}
              onChange={(_, data) => void patch('/api/v1/tasks/{name}', { path, body: { enabled: data.checked } })}
            />
          )}
          {mayChange && (
            <Button size="small" onClick={() => setChanging(true)}>
              {t('Change period')}
            </Button>
          )}
          {mayRun && (
            <Button
              size="small"
              appearance="primary"
              icon={<PlayRegular />}
              disabled={task.running}
              onClick={() => void post('/api/v1/tasks/{name}:run', { path })}
            >
              {task.running ? t('Running') : t('Run now')}
            </Button>
          )}
        </div>
      </div>
      <dl className="task-facts">
        <div>
          <dt>{t('Last result')}</dt>
          <dd>
            <StateMark state={task.running ? 'running' : task.last_result} title={task.last_message} />
          </dd>
        </div>
        <div>
          <dt>{t('Last run')}</dt>
          <dd title={formatTime(task.last_started_at)}>{formatAgo(task.last_started_at)}</dd>
        </div>
        <div>
          <dt>{t('Next run')}</dt>
          <dd title={formatTime(task.next_due_at)}>
            {task.enabled ? formatAgo(task.next_due_at) : t('not by itself')}
          </dd>
        </div>
        <div>
          <dt>{t('Period')}</dt>
          <dd>{formatDuration(task.period_seconds)}</dd>
        </div>
      </dl>
      {task.last_message && <p className="task-message">{task.last_message}</p>}
      {task.outcomes.length > 0 && (
        <Button
          size="small"
          appearance="transparent"
          className="task-more"
          icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t('Result of each server')}
        </Button>
      )}
      {open && (
        <ul className="parts">
          {task.outcomes.map((outcome) => (
            <li key={outcome.server_id}>
              <StateMark state={outcome.result} /> <strong>{outcome.server}</strong>{' '}
              <span className="quiet">{outcome.message}</span>
            </li>
          ))}
        </ul>
      )}
      {changing && <ChangePeriod task={task} close={() => setChanging(false)} />}
    </Panel>
  );
}

function ChangePeriod({ task, close }: { task: Task; close: () => void }) {
  const [text, setText] = useState(formatDuration(task.period_seconds));
  async function submit(): Promise<void> {
    const period_seconds = parseDuration(text);
    if (!period_seconds)
      throw new ApiError(400, 'invalid_argument', '', [
        { pointer: '/period_seconds', detail: t('write a time such as 30 min, 6 h or 1 d') },
      ]);
    await patch('/api/v1/tasks/{name}', { path: { name: task.name }, body: { period_seconds } });
  }
  return (
    <FormDialog title={t('Period of {name}', { name: task.name })} submitText={t('Save')} submit={submit} close={close}>
      <TextField
        name="period_seconds"
        label={t('Every')}
        hint={t('Usually {period}', { period: formatDuration(task.default_period_seconds) })}
        value={text}
        set={setText}
        autoFocus
      />
    </FormDialog>
  );
}
