import { Button, Field, Input, Slider } from '@fluentui/react-components';
import { PersonSearchRegular, SearchRegular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { useAll } from '../../api/queries';
import type { Schemas } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { DataGrid } from '../../components/grid/data_grid';
import { Page, Panel } from '../../components/page';
import { EmptyState, ErrorState } from '../../components/states';
import { t } from '../../i18n';
import { capital, formatTime, words } from '../../lib/format';
import { useUrlState, type UrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { subjectQuery, type Span } from './subject';
import { Timeline } from './timeline';
import './tracking_page.css';
import { WhoPanel } from './who_panel';

type Interval = Schemas['LeaseInterval'];
const MOST_SHOWN = 2_000;
const DAYS_SHOWN = 7;
const DAY_MS = 86_400_000;

const columns = (): Column<Interval>[] => [
  { key: 'address', header: t('IP address'), width: 150, grow: 1, text: (row) => row.address },
  { key: 'hostname', header: t('Host name'), width: 180, grow: 2, text: (row) => row.hostname },
  {
    key: 'client',
    header: t('Client'),
    width: 160,
    text: (row) => row.hardware_address ?? row.client_id ?? '',
  },
  { key: 'began_at', header: t('From'), width: 172, text: (row) => formatTime(row.began_at) },
  { key: 'ended_at', header: t('To'), width: 172, text: (row) => formatTime(row.ended_at) },
  { key: 'ending', header: t('Ended'), width: 110, text: (row) => capital(words(row.ending)) },
  { key: 'renewed_at', header: t('Last renewed'), width: 172, text: (row) => formatTime(row.renewed_at) },
  { key: 'server', header: t('Server'), width: 140, text: (row) => row.server },
  { key: 'space', header: t('Address space'), width: 120, text: (row) => row.space },
];

/** "2026-11-28T13:05" of the clock here, as an input of a date and time has it. */
function localText(instant: number): string {
  const date = new Date(instant - new Date(instant).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16);
}

/** The span of the address; without one the last days. It stays while it is shown: every question is kept. */
function useSpan({ from, until }: UrlState): Span {
  return useMemo(() => {
    const last = until ? Date.parse(until) : Date.now();
    const first = from ? Date.parse(from) : last - DAYS_SHOWN * DAY_MS;
    return { from: first, until: Math.max(last, first + 60_000) };
  }, [from, until]);
}

export function TrackingPage() {
  const [state, setState] = useUrlState();
  if (!useMay('tracking'))
    return (
      <Page title={t('IP address tracking')}>
        <EmptyState icon={<PersonSearchRegular />} title={t('You may not see this')}>
          {t('This is for IPAM administrators and auditors.')}
        </EmptyState>
      </Page>
    );
  return (
    <Page title={t('IP address tracking')}>
      <div className="page-stack">
        <Question key={JSON.stringify(state)} state={state} ask={(asked) => setState(asked, 'push')} />
        {state.subject ? (
          <Answer state={state} />
        ) : (
          <EmptyState icon={<PersonSearchRegular />} title={t('Who had an address, and when?')}>
            {t('By the leases that DHCP servers told, and the plan as it was. Each question is kept with its purpose.')}
          </EmptyState>
        )}
      </div>
    </Page>
  );
}

function Question({ state, ask }: { state: UrlState; ask: (asked: UrlState) => void }) {
  const span = useSpan(state);
  const [subject, setSubject] = useState(state.subject ?? '');
  const [from, setFrom] = useState(localText(span.from));
  const [until, setUntil] = useState(localText(span.until));
  const [purpose, setPurpose] = useState(state.purpose ?? '');
  function submit(event: React.SyntheticEvent): void {
    event.preventDefault();
    if (!subject.trim()) return;
    const times = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
    ask({ subject: subject.trim(), ...times, purpose, at: '' });
  }
  return (
    <Panel>
      <form className="tracking-form" onSubmit={submit}>
        <Field label={t('Address, MAC or host name')} className="tracking-subject">
          <Input
            value={subject}
            onChange={(_, data) => setSubject(data.value)}
            contentBefore={<SearchRegular />}
            placeholder="10.1.2.34"
          />
        </Field>
        <Field label={t('From')}>
          <Input type="datetime-local" value={from} onChange={(_, data) => setFrom(data.value)} />
        </Field>
        <Field label={t('Until')}>
          <Input type="datetime-local" value={until} onChange={(_, data) => setUntil(data.value)} />
        </Field>
        <Field label={t('Purpose')} className="tracking-purpose">
          <Input value={purpose} onChange={(_, data) => setPurpose(data.value)} placeholder={t('such as a ticket')} />
        </Field>
        <Button type="submit" appearance="primary">
          {t('Look')}
        </Button>
      </form>
    </Panel>
  );
}

function Answer({ state }: { state: UrlState }) {
  const span = useSpan(state);
  const subject = subjectQuery(state.subject ?? '');
  const times = { from: new Date(span.from).toISOString(), until: new Date(span.until).toISOString() };
  const found = useAll(
    '/api/v1/lease_intervals',
    { ...subject, ...times, sort: 'address,began_at', ...(state.purpose && { purpose: state.purpose }) },
    true,
    MOST_SHOWN,
  );
  const at = state.at ? Date.parse(state.at) : span.until;
  if (found.error) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const intervals = found.data?.items ?? [];
  const address = typeof subject.address === 'string' ? subject.address : undefined;
  return (
    <>
      {address && <Instant span={span} at={at} />}
      {address && <WhoPanel address={address} at={new Date(at).toISOString()} purpose={state.purpose ?? ''} />}
      <Panel title={t('Leases over time')}>
        {found.data && intervals.length === 0 ? (
          <p>{t('No lease of that time is known.')}</p>
        ) : (
          <Timeline intervals={intervals} span={span} at={address ? at : undefined} />
        )}
        {found.data && !found.data.whole && (
          <p className="quiet">{t('There is more than is shown; choose a shorter time.')}</p>
        )}
      </Panel>
      {intervals.length > 0 && (
        <div className="tracking-rows">
          <DataGrid
            label={t('Leases')}
            columns={columns()}
            rows={intervals}
            keyOf={(row) => `${row.address} ${row.server_id} ${row.began_at}`}
            total={intervals.length}
            hasMore={false}
            isLoading={found.isFetching}
            loadMore={() => undefined}
            empty={null}
          />
        </div>
      )}
    </>
  );
}

const MINUTE_MS = 60_000;

/** The instant that is asked about, by a slider over the minutes of the span: asked when it is let go, since every question is kept. */
function Instant({ span, at }: { span: Span; at: number }) {
  const [, setState] = useUrlState();
  const [minute, setMinute] = useState(Math.round((at - span.from) / MINUTE_MS));
  const shown = new Date(span.from + minute * MINUTE_MS).toISOString();
  const commit = (): void => setState({ at: shown });
  return (
    <Field label={t('At {time}', { time: formatTime(shown) })} className="tracking-instant">
      <Slider
        min={0}
        max={Math.round((span.until - span.from) / MINUTE_MS)}
        value={minute}
        onChange={(_, data) => setMinute(data.value)}
        onPointerUp={commit}
        onKeyUp={commit}
        aria-valuetext={formatTime(shown)}
      />
    </Field>
  );
}
