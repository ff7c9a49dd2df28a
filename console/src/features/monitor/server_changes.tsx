import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useState } from 'react';
import { dryRun, post, remove, type ApiError } from '../../api/client';
import { useAll } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { CheckField, ChoiceField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { capital, words } from '../../lib/format';

type Plan = Schemas['ChangePlan'];

/** What exactly each server would be sent. */
function PlanText({ plan, error }: { plan: Plan | undefined; error: ApiError | undefined }) {
  if (error)
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>{error.message}</MessageBarBody>
      </MessageBar>
    );
  if (!plan) return null;
  return (
    <>
      {plan.servers.map((server) => (
        <MessageBar
          key={server.server_id}
          intent={server.losses.length || server.warnings.length ? 'warning' : 'info'}
          layout="multiline"
        >
          <MessageBarBody>
            <strong>{server.server}</strong>
            <ul>
              {[
                ...server.changes,
                ...server.losses.map((loss) => t('Lost: {what}', { what: loss })),
                ...server.warnings,
              ].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      ))}
    </>
  );
}

function usePlan(ask: () => Promise<Schemas['DryRunAnswer']>) {
  const [plan, setPlan] = useState<Plan>();
  const [error, setError] = useState<ApiError>();
  const look = (): void => {
    ask().then(
      (answer) => {
        setError(undefined);
        setPlan((answer.result ?? undefined) as Plan | undefined);
      },
      (failure: unknown) => setError(failure as ApiError),
    );
  };
  return { text: <PlanText plan={plan} error={error} />, look };
}

export function AddReservation({ close }: { close: () => void }) {
  const servers = useAll('/api/v1/servers', { product: 'kea' });
  const [address, setAddress] = useState('');
  const [type, setType] = useState('hardware_address');
  const [identifier, setIdentifier] = useState('');
  const [hostname, setHostname] = useState('');
  const [server, setServer] = useState('');
  const [reason, setReason] = useState('');
  const notice = useNotice();
  const body = {
    address: address.trim(),
    identifier_type: type as Schemas['ReservationIdentifier'],
    identifier: identifier.trim(),
    ...(hostname && { hostname }),
    ...(server && { server }),
  };
  const plan = usePlan(() => dryRun('/api/v1/dhcp_reservations', { body }));
  async function submit(): Promise<void> {
    await post('/api/v1/dhcp_reservations', { body, reason });
    notice(t('{address} is reserved', { address: body.address }));
  }
  return (
    <FormDialog
      title={t('Add reservation')}
      submitText={t('Add to the server')}
      submit={submit}
      close={close}
      canSubmit={Boolean(body.address && body.identifier)}
      extra={<Button onClick={plan.look}>{t('Preview')}</Button>}
    >
      <div className="form-pair">
        <TextField name="address" label={t('IP address')} value={address} set={setAddress} required autoFocus />
        <TextField name="hostname" label={t('Host name')} value={hostname} set={setHostname} />
        <ChoiceField
          name="identifier_type"
          label={t('Identified by')}
          value={type}
          set={setType}
          choices={['hardware_address', 'client_id', 'duid', 'circuit_id', 'flex_id'].map((each) => [
            each,
            each === 'hardware_address' ? t('MAC address') : capital(words(each)),
          ])}
        />
        <TextField
          name="identifier"
          label={t('Identifier')}
          placeholder="02:00:5e:10:00:01"
          value={identifier}
          set={setIdentifier}
          required
        />
      </div>
      <ChoiceField
        name="server"
        label={t('DHCP server')}
        value={server}
        set={setServer}
        choices={[
          ['', t('The one that serves the address')],
          ...(servers.data?.items ?? []).map((each) => [each.name, each.name] as [string, string]),
        ]}
      />
      <TextField name="reason" label={t('Reason for the journal')} value={reason} set={setReason} />
      {plan.text}
    </FormDialog>
  );
}

export function AddRecord({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [type, setType] = useState('A');
  const [data, setData] = useState('');
  const [ttl, setTtl] = useState('');
  const [ptr, setPtr] = useState(true);
  const [reason, setReason] = useState('');
  const notice = useNotice();
  const hasPtr = type === 'A' || type === 'AAAA';
  const body = { name: name.trim(), type, data: data.trim(), ...(ttl && { ttl: Number(ttl) }), ...(hasPtr && { ptr }) };
  const plan = usePlan(() => dryRun('/api/v1/dns_records', { body }));
  async function submit(): Promise<void> {
    await post('/api/v1/dns_records', { body, reason });
    notice(t('{name} was added', { name: body.name }));
  }
  return (
    <FormDialog
      title={t('Add record')}
      submitText={t('Add to the server')}
      submit={submit}
      close={close}
      canSubmit={Boolean(body.name && body.data)}
      extra={<Button onClick={plan.look}>{t('Preview')}</Button>}
    >
      <TextField
        name="name"
        label={t('Name')}
        placeholder="app7.corp.example"
        value={name}
        set={setName}
        required
        autoFocus
      />
      <div className="form-pair">
        <ChoiceField
          name="type"
          label={t('Type')}
          value={type}
          set={setType}
          choices={['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'].map((each) => [each, each])}
        />
        <TextField name="ttl" label={t('TTL in seconds')} type="number" value={ttl} set={setTtl} />
      </div>
      <TextField
        name="data"
        label={t('Data')}
        placeholder={type === 'A' ? '10.20.3.17' : ''}
        value={data}
        set={setData}
        required
      />
      {hasPtr && <CheckField label={t('With its PTR record')} checked={ptr} set={setPtr} />}
      <TextField name="reason" label={t('Reason for the journal')} value={reason} set={setReason} />
      {plan.text}
    </FormDialog>
  );
}

export function RemoveFromServer({
  kind,
  id,
  name,
  close,
}: {
  kind: 'reservation' | 'record';
  id: string;
  name: string;
  close: () => void;
}) {
  const notice = useNotice();
  async function run(): Promise<void> {
    await remove(kind === 'record' ? '/api/v1/dns_records/{id}' : '/api/v1/dhcp_reservations/{id}', { path: { id } });
    notice(t('{name} was deleted', { name }));
  }
  return (
    <Confirm title={t('Delete {name}?', { name })} action={t('Delete at the server')} run={run} close={close}>
      {t('It is deleted at the server itself. Changes to servers can be taken back in the event catalog.')}
    </Confirm>
  );
}
