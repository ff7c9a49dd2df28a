import { useState } from 'react';
import { post } from '../../api/client';
import type { Schemas } from '../../api/types';
import { ChoiceField, LongTextField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { capital, words } from '../../lib/format';

export function AddTarget({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [kea, setKea] = useState('8000');
  const [dns, setDns] = useState('53');
  const [statistics, setStatistics] = useState('8053');
  const submit = (): Promise<unknown> =>
    post('/api/v1/discovery_targets', {
      body: { name: name.trim(), kea_ports: kea, dns_ports: dns, statistics_ports: statistics },
    });
  return (
    <FormDialog
      title={t('Add a place to look at')}
      submitText={t('Add')}
      submit={submit}
      close={close}
      canSubmit={name.trim() !== ''}
    >
      <TextField
        name="name"
        label={t('Network, address or host')}
        placeholder="10.20.1.0/24"
        hint={t('A network may have at most 4,096 addresses.')}
        value={name}
        set={setName}
        required
        autoFocus
      />
      <div className="form-pair">
        <TextField
          name="kea_ports"
          label={t('Kea ports')}
          hint={t('With commas; empty: not asked')}
          value={kea}
          set={setKea}
        />
        <TextField name="dns_ports" label={t('DNS ports')} value={dns} set={setDns} />
        <TextField name="statistics_ports" label={t('Statistics ports')} value={statistics} set={setStatistics} />
      </div>
    </FormDialog>
  );
}

export function AcceptServer({ found, close }: { found: Schemas['DiscoveredServer']; close: () => void }) {
  const [name, setName] = useState(found.address);
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const notice = useNotice();
  async function submit(): Promise<void> {
    await post('/api/v1/discovered_servers/{id}:accept', {
      path: { id: found.id },
      body: { name, manageability: 'managed', ...(user && { user_name: user, password }) },
    });
    notice(t('{name} is managed now', { name }));
  }
  return (
    <FormDialog
      title={t('Manage {address}', { address: found.address })}
      submitText={t('Manage')}
      submit={submit}
      close={close}
      canSubmit={name.trim() !== ''}
    >
      <TextField name="name" label={t('Name')} value={name} set={setName} required autoFocus />
      <div className="form-pair">
        <TextField name="user_name" label={t('User name')} value={user} set={setUser} />
        <TextField name="password" label={t('Password')} type="password" value={password} set={setPassword} />
      </div>
    </FormDialog>
  );
}

export function AddCredential({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState('user_password');
  const [user, setUser] = useState('');
  const [algorithm, setAlgorithm] = useState('hmac-sha256');
  const [secret, setSecret] = useState('');
  const notice = useNotice();
  async function submit(): Promise<void> {
    await post('/api/v1/credentials', {
      body: {
        name,
        kind: kind as Schemas['CredentialKind'],
        secret,
        ...(user && { user_name: user }),
        ...(kind === 'tsig_key' && { algorithm }),
      },
    });
    notice(t('{name} was added', { name }));
  }
  return (
    <FormDialog
      title={t('Add credential')}
      submitText={t('Add')}
      submit={submit}
      close={close}
      canSubmit={Boolean(name && secret)}
    >
      <TextField name="name" label={t('Name')} value={name} set={setName} required autoFocus />
      <div className="form-pair">
        <ChoiceField
          name="kind"
          label={t('Kind')}
          value={kind}
          set={setKind}
          choices={['user_password', 'keytab', 'tsig_key', 'ssh_key', 'api_key'].map((each) => [
            each,
            capital(words(each)),
          ])}
        />
        <TextField
          name="user_name"
          label={kind === 'tsig_key' ? t('Name of the key') : t('User name')}
          value={user}
          set={setUser}
        />
      </div>
      {kind === 'tsig_key' && (
        <ChoiceField
          name="algorithm"
          label={t('Algorithm')}
          value={algorithm}
          set={setAlgorithm}
          choices={['hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'hmac-sha224', 'hmac-sha1'].map((each) => [
            each,
            each,
          ])}
        />
      )}
      {kind === 'ssh_key' ? (
        <LongTextField name="secret" label={t('Private key')} value={secret} set={setSecret} />
      ) : (
        <TextField name="secret" label={t('Secret')} type="password" value={secret} set={setSecret} required />
      )}
    </FormDialog>
  );
}

export function AddCustomField({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState('text');
  const [values, setValues] = useState('');
  const [description, setDescription] = useState('');
  async function submit(): Promise<void> {
    const list = values
      .split('\n')
      .map((each) => each.trim())
      .filter(Boolean);
    await post('/api/v1/custom_fields', {
      body: {
        name,
        kind: kind as Schemas['CustomFieldKind'],
        ...(kind === 'choice' && { values: list }),
        ...(description && { description }),
      },
    });
  }
  return (
    <FormDialog
      title={t('Add custom field')}
      submitText={t('Add')}
      submit={submit}
      close={close}
      canSubmit={name.trim() !== ''}
    >
      <div className="form-pair">
        <TextField name="name" label={t('Name')} value={name} set={setName} required autoFocus />
        <ChoiceField
          name="kind"
          label={t('Kind')}
          value={kind}
          set={setKind}
          choices={['text', 'integer', 'decimal', 'boolean', 'date', 'address', 'prefix', 'url', 'choice'].map(
            (each) => [each, capital(each)],
          )}
        />
      </div>
      {kind === 'choice' && (
        <LongTextField name="values" label={t('Values')} hint={t('One a line')} value={values} set={setValues} />
      )}
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
    </FormDialog>
  );
}
